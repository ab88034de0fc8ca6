/** So many deliveries in a stretch of time. */
export interface Rate {
  readonly count: number;
  /** Milliseconds. */
  readonly perMs: number;
}

/** Lets deliveries pass as long as there are not too many. */
export interface RateGate {
  /** 0: it passes. Otherwise after how many milliseconds the next one would. */
  wait(now: number): number;
}

/**
 * A token bucket: `count` at once, and from then on one for each `perMs / count` that passes. A clock that is put back gives nothing and takes nothing.
 */
export function createRateGate({ count, perMs }: Rate): RateGate {
  const cost = perMs / count;
  // In milliseconds: fractions of deliveries would not add up.
  let saved = perMs;
  let since: number | null = null;
  return {
    wait(now) {
      if (since !== null && now > since) saved = Math.min(perMs, saved + now - since);
      since = now;
      if (saved < cost) return Math.ceil(cost - saved);
      saved -= cost;
      return 0;
    },
  };
}
