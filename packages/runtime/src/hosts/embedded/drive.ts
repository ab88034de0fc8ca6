import { isOffstageError, OffstageError } from "../../base/index.ts";
import { type AcquiredLease, type Environment, executeProgram, type Execution, storeEnd } from "../../host/index.ts";
import type { Run } from "../../model/index.ts";
import type { Store } from "../../state/index.ts";

/** More queued runs than anybody has; the rest is found in the next round. */
const ROUND = 1_000;

/** What {@link driveRuns} works with. */
export interface Driver {
  readonly store: Store;
  readonly environment: Environment;
  readonly lease: AcquiredLease;
  /** The ways to cancel the runs that are driven now, by run; one that was cancelled before its turn is there already. */
  readonly cancels: Map<string, AbortController>;
  /** Runs that this process cannot drive, and why; they are left to one that can. */
  readonly undrivable: Map<string, unknown>;
  /** Aborted when this process drives no more: what is under way settles, and goes on where the store is driven next. */
  readonly leaving: AbortSignal;
  /** Aborted when this process begins no further run. */
  readonly ending: AbortSignal;
  /** Runs that somebody here waits for, and of which it is not known yet that another process drives them. */
  readonly waiting: ReadonlySet<string>;
}

/**
 * Drives the store's queued and interrupted runs, and the parked ones for which something came, oldest first, until there is none or the lease is lost. One that cannot be
 * driven here (another version began it, a secret of it is not here) stays as it is and keeps nobody waiting. Rejects when the
 * store fails.
 */
export async function driveRuns(driver: Driver): Promise<void> {
  for (;;) {
    const oldest = await oldestToDrive(driver);
    if (oldest === null || driver.lease.lost.aborted || driver.leaving.aborted || driver.ending.aborted) return;
    try {
      await driveRun(driver, oldest);
    } catch (error) {
      // Who took the store over, or takes it next, drives it on.
      if (isOffstageError(error) && error.code === "LEASE_LOST") return;
      if (!isOffstageError(error) || error.code.startsWith("STORE_")) throw error;
      driver.undrivable.set(oldest.id, error);
      driver.environment.news({ kind: "run-waiting", why: `Run ${oldest.id} of ${oldest.workflow} stays as it is. ${error.message}` });
    }
  }
}

async function oldestToDrive({ store, environment, undrivable, waiting }: Driver): Promise<Run | null> {
  const runs = await store.transact({ durable: false, reads: true }, async (tx) => [
    ...(await tx.listRuns({ status: ["queued", "running"], limit: ROUND })),
    ...(await tx.dueRuns(environment.clock.now(), ROUND)),
  ]);
  const isLeft = ({ id, event }: Run): boolean => undrivable.has(id) || (environment.drivesStarted === false && event.kind === "started" && !waiting.has(id));
  return runs.filter((run) => !isLeft(run)).reduce<Run | null>((oldest, run) => (oldest === null || run.createdAt < oldest.createdAt || (run.createdAt === oldest.createdAt && run.id < oldest.id) ? run : oldest), null);
}

/** The error of a run that goes on although a person cancelled it: it ends at its next step. */
export const CANCEL_ASKED = { code: "CANCELLED", message: "The run was asked to end." } as const;

async function driveRun({ store, environment, lease, leaving, cancels }: Driver, queued: Run): Promise<void> {
  const cancel = cancels.get(queued.id) ?? new AbortController();
  cancels.set(queued.id, cancel);
  if (queued.error?.code === CANCEL_ASKED.code) cancel.abort();
  const done = new AbortController();
  void watchForEnd({ store, clock: environment.clock }, queued.id, cancel, done.signal);
  try {
    const resumed = queued.status !== "queued";
    const execution: Execution = { ...(await loadRun(store, queued, lease.fence, environment.clock.now())), store, environment, fence: lease.fence, lost: AbortSignal.any([lease.lost, leaving]), cancelled: cancel.signal };
    environment.news({ kind: "run-started", run: execution.run, resumed });
    const run = await storeEnd(execution, await executeProgram(execution));
    environment.news({ kind: run.status === "parked" ? "run-parked" : "run-ended", run });
  } finally {
    done.abort();
    cancels.delete(queued.id);
  }
}

/** How often a run that goes on is looked at for the wish of another process that it end. Ms. */
const WISH_MS = 1_000;

/** A store that cannot be read is the run's own trouble. */
async function watchForEnd({ store, clock }: Pick<Environment, "clock"> & Pick<Driver, "store">, id: string, cancel: AbortController, done: AbortSignal): Promise<void> {
  while (!done.aborted && !cancel.signal.aborted) {
    await clock.sleep(WISH_MS, done);
    if (done.aborted) return;
    const run = await store.transact({ durable: false, reads: true }, (tx) => tx.getRun(id)).catch(() => null);
    if (run?.error?.code === CANCEL_ASKED.code) cancel.abort();
  }
}

/** A run with what it needs to go on, marked as running. */
async function loadRun(store: Store, queued: Run, fence: number, now: number): Promise<Pick<Execution, "run" | "program" | "plan" | "rows" | "epoch">> {
  return store.transact({ durable: false, fence }, async (tx) => {
    const program = await tx.getProgram(queued.programHash);
    if (program === null) throw new OffstageError("RUN_BROKEN", `The store has run ${queued.id} without its program ${queued.programHash.slice(0, 12)}.`, { hint: "Restore a backup. Other runs go on without it." });
    // Read again: somebody may have asked for its end since it was listed.
    const current = (await tx.getRun(queued.id)) ?? queued;
    const begins = current.status === "queued" && current.phase !== "apply";
    const run: Run = current.status === "running" ? current : { ...current, status: "running", waits: [], startedAt: begins ? now : current.startedAt };
    await tx.putRun(run);
    const plan = run.phase === "apply" ? ((await tx.getPlan(run.id))?.plan ?? null) : null;
    return { run, program, plan, rows: await tx.loadJournal(run.id), epoch: Number(await tx.getMeta("epoch")) };
  });
}
