import { OffstageError, timeOfRunId } from "../base/index.ts";
import { isEnded, type Run } from "../model/index.ts";
import type { Store } from "../state/index.ts";

/** The error of a run that goes on although a person cancelled it: it ends at its next step. */
export const CANCEL_ASKED = { code: "CANCELLED", message: "The run was asked to end." } as const;

/**
 * Has a run end at its next step, whoever drives it: durable when this resolves. One that is parked is made to have a next step. A run that ended stays as it
 * ended. Errors: `RUN_UNKNOWN`.
 */
export function askRunToEnd(store: Store, id: string): Promise<Run> {
  return store.transact({ durable: true }, async (tx) => {
    const run = await tx.getRun(id);
    if (run === null) throw runUnknown(id);
    if (isEnded(run.status)) return run;
    const asked: Run = { ...run, error: CANCEL_ASKED, ...(run.status === "parked" ? { status: "running", waits: [] } : {}) };
    await tx.putRun(asked);
    return asked;
  });
}

/** The store has no such run. `removedUntil`: runs that ended before it may be gone. */
export function runUnknown(id: string, removedUntil: number | null = null): OffstageError {
  const begun = timeOfRunId(id);
  if (begun === null || removedUntil === null || begun >= removedUntil) return new OffstageError("RUN_UNKNOWN", `The store has no run ${id}.`, { hint: "`offstage runs` lists them." });
  return new OffstageError("RUN_UNKNOWN", `The store has no run ${id} any more: what ended before ${new Date(removedUntil).toISOString()} was removed.`, { hint: "How long runs are kept is said by retention: in offstage.yaml. What it wrote under identities that last is still in the ledger." });
}
