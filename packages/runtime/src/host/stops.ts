import { OffstageError } from "../base/index.ts";

/** A reason for a run to go on no further in this process, and what its steps are told then. */
export interface Stop {
  readonly signal: AbortSignal;
  readonly error: () => OffstageError;
}

/** Why a run may have to stop, the weightier first: one that another process has is not this one's to end. */
export function stopsOf({ cancelled, lost }: { readonly cancelled: AbortSignal; readonly lost: AbortSignal }): readonly Stop[] {
  return [
    { signal: lost, error: () => new OffstageError("LEASE_LOST", "Another process took the store over.", { cause: lost.reason }) },
    { signal: cancelled, error: () => new OffstageError("CANCELLED", "The run was cancelled.") },
  ];
}

/** The one of them that has come; undefined: none. */
export function firstStop(stops: readonly Stop[]): Stop | undefined {
  return stops.find(({ signal }) => signal.aborted);
}
