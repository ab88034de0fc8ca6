import { newRunId, OffstageError } from "../../base/index.ts";
import { continuationOf, createLeaseKeeper, type Environment, planFault, planRun, type RunHandle, type RunHost, startRun } from "../../host/index.ts";
import { isEnded, type Plan, type Run } from "../../model/index.ts";
import { hashProgram, type Program } from "../../program/index.ts";
import type { LeaseHolder, Store, StoreTx } from "../../state/index.ts";
import { driveRuns } from "./drive.ts";

/** What {@link createEmbeddedHost} needs. */
export interface EmbeddedHostOptions {
  readonly store: Store;
  readonly environment: Environment;
  readonly me: LeaseHolder;
  /** Whether a holder on this machine and boot still lives. */
  readonly alive: (holder: LeaseHolder) => boolean;
}

/** How often a process that does not drive the store looks how its run is. */
const FOLLOW_MS = 200;

/**
 * Runs in this process, over a store. Whoever holds the store's lease drives all runs of the store that wait or were
 * interrupted, oldest first; a process that does not hold it follows its own run and takes the lease when it is free.
 */
export function createEmbeddedHost(options: EmbeddedHostOptions): RunHost {
  const { store, environment } = options;
  const { clock } = environment;
  const keeper = createLeaseKeeper({ store, clock, me: options.me, alive: options.alive });
  const cancels = new Map<string, AbortController>();
  const leaving = new AbortController();
  let driving: Promise<void> | null = null;

  const drive = async (): Promise<{ readonly by: LeaseHolder } | null> => {
    const lease = await keeper.acquire();
    if (lease.kind === "held") return lease;
    driving ??= driveRuns({ store, environment, lease, cancels }).finally(async () => {
      driving = null;
      await keeper.release();
    });
    await driving;
    return null;
  };
  /** Drives, or follows who drives, until the run has ended. */
  const finish = async (id: string): Promise<Run> => {
    let told = false;
    for (;;) {
      const run = await getRun(store, id);
      if (isEnded(run.status)) return run;
      const held = await drive();
      if (held === null) continue;
      if (!told) environment.news({ kind: "run-waiting", why: `Process ${held.by.pid} on ${held.by.host} drives this store; it has the run now.` });
      told = true;
      await clock.sleep(FOLLOW_MS, leaving.signal);
      if (leaving.signal.aborted) throw new OffstageError("CANCELLED", `This process no longer follows run ${id}.`, { hint: `The run goes on: offstage show ${id}` });
    }
  };
  const enqueue = async (make: (tx: StoreTx) => Promise<Run>): Promise<RunHandle> => {
    const run = await store.transact({ durable: true }, async (tx) => {
      const made = await make(tx);
      await tx.putRun(made);
      return made;
    });
    return { id: run.id, finished: finish(run.id) };
  };

  return {
    start: (request) =>
      enqueue(async (tx) => {
        const run = await startRun(tx, environment, { ...request, phase: "run" });
        await tx.putProgram(run.programHash, request.program);
        return run;
      }),
    plan: (request) => planRun(store, environment, request),
    apply: (planId, program) => enqueue((tx) => beginApply(tx, environment, planId, program)),
    continue: async (runId) => {
      const previous = await getRun(store, runId);
      return enqueue(() => Promise.resolve(continuationOf(previous, newRunId(clock.now(), environment.random), clock.now())));
    },
    async cancel(runId) {
      const running = cancels.get(runId);
      if (running === undefined) {
        throw new OffstageError("NOT_YET", `Run ${runId} is not driven by this process; cancelling it from another one is not built yet.`, { hint: "Press Ctrl-C in the process that drives it." });
      }
      running.abort();
      return Promise.resolve();
    },
    get: (runId) => getRun(store, runId),
    list: (filter) => store.transact({ durable: false }, (tx) => tx.listRuns(filter)),
    async close() {
      leaving.abort();
      for (const cancel of cancels.values()) cancel.abort();
      // Its failure was told to whoever waits for the run.
      await driving?.catch(() => undefined);
      await keeper.release();
    },
  };
}

async function beginApply(tx: StoreTx, environment: Environment, planId: string, program: Program): Promise<Run> {
  const row = await tx.getPlan(planId);
  const run = await tx.getRun(planId);
  if (row === null || run === null) {
    throw new OffstageError("PLAN_UNKNOWN", `The store has no plan ${planId}.`, { hint: "A plan is applied in the project and store where it was made; `offstage runs` lists what is there." });
  }
  // A killed apply is continued by giving the same command again: the plan stays the plan it was.
  if (row.appliedAt !== null) {
    if (!isEnded(run.status)) return run;
    throw new OffstageError("PLAN_APPLIED", `The plan ${planId} was applied at ${new Date(row.appliedAt).toISOString()}; its run ${run.status}.`, { hint: `See \`offstage show ${planId}\`. What is left needs a new plan.` });
  }
  const now = environment.clock.now();
  const fault = planFault(row.plan, basisNow(row.plan, environment, program), now);
  if (fault !== null) throw new OffstageError(fault.code, fault.message, fault.hint === undefined ? {} : { hint: fault.hint });
  await tx.putPlan({ ...row, appliedAt: now });
  return { ...run, phase: "apply", status: "queued", endedAt: null };
}

function basisNow(plan: Plan, environment: Environment, program: Program): Plan["basis"] {
  const servers = Object.keys(plan.basis.targets);
  return { ...environment.basis, program: hashProgram(program), targets: Object.fromEntries(servers.map((server) => [server, environment.targetOf(server)])) };
}

async function getRun(store: Store, id: string): Promise<Run> {
  const run = await store.transact({ durable: false }, (tx) => tx.getRun(id));
  if (run === null) throw new OffstageError("RUN_UNKNOWN", `The store has no run ${id}.`, { hint: "`offstage runs` lists them." });
  return run;
}
