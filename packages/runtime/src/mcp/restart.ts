import { backOffMs } from "../base/index.ts";

/** When a server may be started again. A value; the pool keeps the newest. */
export interface RestartState {
  /** Ends in a row: failed starts, and deaths soon after a start. */
  readonly failures: number;
  /** Instant (ms) before which it is not started. */
  readonly notBefore: number;
  /** Why the last start failed; null when the server lived. */
  readonly startError: unknown;
}

/** Never started. */
export const FRESH: RestartState = { failures: 0, notBefore: 0, startError: null };

/** A server that lived so long was well; its end counts as the first. Ms. */
const STABLE_MS = 60_000;
const DELAYS = { firstMs: 250, longestMs: 30_000 };

/** What to do before a start: wait, or refuse with the error of the last start. */
export type StartDecision = { readonly kind: "wait"; readonly ms: number } | { readonly kind: "refuse"; readonly error: unknown };

/**
 * A server that lived and died is waited for; one that could not even start is not, so that a loop over many items does not
 * wait for it item by item.
 */
export function waitBeforeStart(state: RestartState, now: number): StartDecision {
  if (now >= state.notBefore) return { kind: "wait", ms: 0 };
  return state.startError === null ? { kind: "wait", ms: state.notBefore - now } : { kind: "refuse", error: state.startError };
}

/** After a start that failed. */
export function afterFailedStart(state: RestartState, error: unknown, now: number): RestartState {
  return { failures: state.failures + 1, notBefore: now + backOffMs(state.failures + 1, DELAYS), startError: error };
}

/** After the end of a server that had been ready since `startedAt`. One that answered a call in its life was well: what it is needed for goes on. */
export function afterDeath(state: RestartState, startedAt: number, now: number, hasAnswered: boolean): RestartState {
  const failures = hasAnswered || now - startedAt >= STABLE_MS ? 1 : state.failures + 1;
  return { failures, notBefore: now + backOffMs(failures, DELAYS), startError: null };
}
