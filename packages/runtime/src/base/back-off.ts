/** Between which two waits one is that doubles; ms. */
interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** How long to leave alone what failed so many times in a row, ms: after the first failure `firstMs`, after each more twice as long, so that an outage costs little and is not made much longer. */
export function backOffMs(failures: number, { firstMs, longestMs }: BackOff): number {
  return Math.min(longestMs, firstMs * 2 ** Math.max(0, failures - 1));
}
