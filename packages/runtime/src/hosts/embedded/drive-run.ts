import { OffstageError } from "../../base/index.ts";
import { type AcquiredLease, CANCEL_ASKED, executeProgram, type Execution, isToBegin, planOf, storeEnd } from "../../host/index.ts";
import { isEnded, type Run } from "../../model/index.ts";
import type { Program } from "../../program/index.ts";
import type { Store } from "../../state/index.ts";

/** What {@link driveRun} works with. */
export interface RunDriver extends Pick<Execution, "store" | "environment" | "turns"> {
  readonly lease: AcquiredLease;
  /** The ways to cancel the runs that are driven now, by run; one that was cancelled before its turn is there already. */
  readonly cancels: Map<string, AbortController>;
  /** Aborted when this process drives no more, or another one took the lease: what is under way settles, and goes on where the store is driven next. */
  readonly lost: AbortSignal;
}

/** Drives one run to its end, or until it is parked; one that came to rest since it was listed stays as it is. Rejects as `executeProgram` does. */
export async function driveRun({ store, environment, turns, lease, lost, cancels }: RunDriver, waiting: Run, program: Program): Promise<void> {
  const cancel = cancels.get(waiting.id) ?? new AbortController();
  cancels.set(waiting.id, cancel);
  try {
    const resumed = waiting.status !== "queued" && !isToBegin(waiting);
    const begun = await beginRun(store, waiting, lease.fence, environment.clock.now());
    if (begun === null) return;
    if (begun.run.error?.code === CANCEL_ASKED.code) cancel.abort();
    const execution: Execution = { ...begun, program, store, environment, turns, fence: lease.fence, lost, cancelled: cancel.signal };
    environment.news({ kind: "run-started", run: execution.run, resumed });
    const executed = await executeProgram(execution);
    const run = await storeEnd(execution, executed, execution.run.phase === "plan" ? planOf(execution, executed) : null);
    if (run.status !== "running") environment.news({ kind: run.status === "parked" ? "run-parked" : "run-ended", run });
  } finally {
    cancels.delete(waiting.id);
  }
}

/** A run with what it needs to go on, marked as running; null when there is nothing to drive any more. */
async function beginRun(store: Store, waiting: Run, fence: number, now: number): Promise<Pick<Execution, "run" | "plan" | "rows" | "epoch"> | null> {
  return store.transact({ durable: false, fence }, async (tx) => {
    // Read again: since it was listed it may have come to its end, or somebody may have asked for that.
    const current = (await tx.getRun(waiting.id)) ?? waiting;
    if (isEnded(current.status) || (current.status === "parked" && waiting.status !== "parked")) return null;
    const begins = (current.status === "queued" || isToBegin(current)) && current.phase !== "apply";
    const run: Run = current.status === "running" ? current : { ...current, status: "running", waits: [], startedAt: begins ? now : current.startedAt };
    await tx.putRun(run);
    const plan = run.phase === "apply" ? ((await tx.getPlan(run.id))?.plan ?? null) : null;
    return { run, plan, rows: await tx.loadJournal(run.id), epoch: Number(await tx.getMeta("epoch")) };
  });
}

/** The program of a run. Errors: `RUN_BROKEN` when the store has lost it. */
export async function programOf(store: Store, { id, programHash }: Run): Promise<Program> {
  const program = await store.transact({ durable: false, reads: true }, (tx) => tx.getProgram(programHash));
  if (program === null) throw new OffstageError("RUN_BROKEN", `The store has run ${id} without its program ${programHash.slice(0, 12)}.`, { hint: "Restore a backup. Other runs go on without it." });
  return program;
}
