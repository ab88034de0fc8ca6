import type { CallClass, Evidence, LedgerEntry } from "../model/index.ts";

/**
 * How long after a write's deadline it must be before these reads, finding nothing, prove that it did not happen: 0 when
 * all are consistent, the longest lag otherwise, null (never) when one is neither or nothing was read at all.
 */
export function provesAfterMs(reads: readonly CallClass[]): number | null {
  let longest: number | null = null;
  for (const read of reads) {
    const ms = read.consistent ? 0 : read.lagMs;
    if (ms === null) return null;
    longest = Math.max(longest ?? 0, ms);
  }
  return longest;
}

/** True when not finding a write at `askedAt` proves that it did not happen and will not: nothing of it is sent after its deadline. */
export function provesAbsence(entry: Pick<LedgerEntry, "deadlineAt">, evidence: Extract<Evidence, { kind: "absent" }>): boolean {
  return evidence.provesAfterMs !== null && evidence.askedAt > entry.deadlineAt + evidence.provesAfterMs;
}
