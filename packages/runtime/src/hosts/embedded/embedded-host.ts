import { OffstageError } from "../../base/index.ts";
import { createTurns, type Turns } from "../../effects/index.ts";
import { askRunToEnd, CANCEL_ASKED, checkedInputs, continueRun, createLeaseKeeper, createTeller, type Environment, isPast, planFault, planRun, refuseOwnCode, type RunHandle, type RunHost, runUnknown, startRun, wokenRun } from "../../host/index.ts";
import { isEnded, type Plan, type Run } from "../../model/index.ts";
import { hashProgram, type Program } from "../../program/index.ts";
import type { LeaseHolder, Store, StoreTx } from "../../state/index.ts";
import type { Driver, LeftRun } from "./drive.ts";
import { createDriveLoop } from "./drive-loop.ts";

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
  const turns = createTurns();
  const drivers = createDrivers({ ...options, turns });

  const enqueue = async (make: (tx: StoreTx) => Promise<Run>): Promise<RunHandle> => {
    const run = await store.transact({ durable: true }, async (tx) => {
      const made = await make(tx);
      await tx.putRun(made);
      return made;
    });
    const finished = drivers.finish(run.id);
    // Whoever waits for it is told; nobody has to wait.
    finished.catch(() => undefined);
    return { id: run.id, finished };
  };
  // Before anything is kept: a run that nobody here can drive would be gone on with by whoever comes next.
  const refuseUnexecuted = (program: Program): void => {
    if (environment.own === undefined && environment.dryRun !== true) refuseOwnCode(program);
  };
  return {
    async start(request) {
      refuseUnexecuted(request.program);
      const inputs = await checkedInputs(environment, request);
      return enqueue(async (tx) => {
        const run = await startRun(tx, environment, { ...request, inputs, phase: "run" });
        await tx.putProgram(run.programHash, request.program);
        return run;
      });
    },
    plan: (request) => planRun({ store, environment, turns }, request),
    async apply(planId, program) {
      if (environment.dryRun === true) throw isDry(`The plan ${planId} is not applied`);
      refuseUnexecuted(program);
      return enqueue((tx) => beginApply(tx, environment, planId, program));
    },
    continue: async (runId) => (environment.dryRun === true ? Promise.reject(beganForReal(runId)) : enqueue((tx) => continueRun(tx, environment, runId))),
    async resume(runId) {
      const { phase, status } = await getRun(store, runId);
      if (environment.dryRun === true && phase !== "plan" && status === "parked") throw beganForReal(runId);
      return enqueue(async (tx) => wokenRun((await tx.getRun(runId)) as Run));
    },
    cancel: (runId) => drivers.cancel(runId),
    askToEnd: (runId) => drivers.askToEnd(runId),
    get: (runId) => getRun(store, runId),
    lead: () => drivers.lead(),
    work: () => drivers.work(),
    leave: (now) => drivers.leave(now),
    close: () => drivers.close(),
  };
}

/** The part of the host that drives runs, or follows who does. */
interface Drivers {
  /** Resolves when the run has ended, here or elsewhere. */
  finish(id: string): Promise<Run>;
  cancel(id: string): Promise<void>;
  askToEnd(id: string): Promise<void>;
  lead(): Promise<boolean>;
  work(): Promise<void>;
  leave(now: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

function createDrivers({ store, environment, turns, me, alive }: EmbeddedHostOptions & { readonly turns: Turns }): Drivers {
  const { clock } = environment;
  const cancels = new Map<string, AbortController>();
  const undrivable = new Map<string, LeftRun>();
  const waiting = new Set<string>();
  const leaving = new AbortController();
  const loop = createDriveLoop({ keeper: createLeaseKeeper({ store, clock, me, alive }), store, environment, turns, cancels, undrivable, waiting, teller: createTeller({ store, environment, turns }) });
  return {
    lead: () => loop.lead(),
    work: () => loop.work(),
    leave: (now) => loop.leave(now),
    async finish(id) {
      for (let told = false; ; told = true) {
        waiting.add(id);
        const run = await getRun(store, id);
        if (await isAtRest(store, run, clock.now())) {
          waiting.delete(id);
          return run;
        }
        if (loop.handedOver.aborted) throw leftBehind(id);
        if (environment.dryRun === true && run.phase !== "plan" && run.error?.code !== CANCEL_ASKED.code) throw beganForReal(id);
        const held = await loop.drive();
        const left = undrivable.get(id);
        if (left !== undefined) throw left.error;
        if (held === null) continue;
        waiting.delete(id);
        if (!told) environment.news({ kind: "run-waiting", why: drivenBy(held.by) });
        await clock.sleep(FOLLOW_MS, leaving.signal);
        if (leaving.signal.aborted) throw leftBehind(id);
      }
    },
    async cancel(id) {
      const driven = cancels.get(id);
      // At once: the next thing that it does may be a write.
      driven?.abort();
      // It is over, and what is driven now are others, perhaps those that it started: they are not this one's to end.
      if (driven === undefined && loop.isDriving() && waiting.has(id) && (await isAtRest(store, await getRun(store, id), clock.now()))) return loop.handOver();
      if (await wakeToEnd(store, id)) return void (await loop.drive());
      await endNext({ store, cancels, waiting }, id);
    },
    async askToEnd(id) {
      const driven = cancels.get(id);
      driven?.abort();
      await askRunToEnd(store, id);
      // When nobody drives the store, this process does, as far as that.
      if (driven === undefined) await loop.drive();
    },
    async close() {
      leaving.abort();
      // Whoever closes it early, for a store that failed, has asked for no run's end.
      loop.handOver();
      await loop.close();
    },
  };
}

/** Has a run end at its next step; one that waits for its turn begins cancelled. */
async function endNext({ store, cancels, waiting }: Pick<Driver, "store" | "cancels" | "waiting">, id: string): Promise<void> {
  const running = cancels.get(id) ?? (waiting.has(id) ? new AbortController() : undefined);
  if (running === undefined) throw drivenElsewhere(id);
  running.abort();
  cancels.set(id, running);
  await rememberCancel(store, id);
}

/** Whoever drives the run next ends it instead, should this process not live to do so: an impatient Ctrl-C is still one. */
async function rememberCancel(store: Store, id: string): Promise<void> {
  await store.transact({ durable: true }, async (tx) => {
    const run = await tx.getRun(id);
    if (run !== null && !isEnded(run.status)) await tx.putRun({ ...run, error: CANCEL_ASKED });
  });
}

/** A parked run ends at its next step too: it is made to have one. False when it is not parked. */
function wakeToEnd(store: Store, id: string): Promise<boolean> {
  return store.transact({ durable: true }, async (tx) => {
    const run = await tx.getRun(id);
    if (run?.status !== "parked") return false;
    await tx.putRun({ ...run, status: "running", waits: [], error: CANCEL_ASKED });
    return true;
  });
}

function isDry(what: string): OffstageError {
  return new OffstageError("DRY_RUN", `${what}: this is a dry run, in which nothing is written.`, { hint: "Take dryRun out of offstage.yaml, or --dry-run off the command, when it shall be done." });
}

function beganForReal(id: string): OffstageError {
  return isDry(`Run ${id} began for real, and stays as it is`);
}

function drivenBy({ pid, host }: LeaseHolder): string {
  return `Process ${pid} on ${host.split(" ")[0] ?? ""}, another Offstage, drives this store; it has the run now.`;
}

function leftBehind(id: string): OffstageError {
  return new OffstageError("CANCELLED", `This process no longer follows run ${id}.`, { hint: `The run goes on: offstage show ${id}` });
}

function drivenElsewhere(id: string): OffstageError {
  return new OffstageError("USAGE", `Run ${id} is not driven by this process, which does not wait for it either.`, { hint: `End it by its id: offstage cancel ${id}` });
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
  return { ...run, phase: "apply", status: "queued", endedAt: null, drivenMs: 0 };
}

function basisNow(plan: Plan, environment: Environment, program: Program): Plan["basis"] {
  const servers = Object.keys(plan.basis.targets);
  return { ...environment.basis, program: hashProgram(program), targets: Object.fromEntries(servers.map((server) => [server, environment.targetOf(server)])) };
}

/** Whether there is nothing to drive: it has ended, or is parked and nothing came for it. */
async function isAtRest(store: Store, { id, status }: Run, now: number): Promise<boolean> {
  if (status !== "parked") return isEnded(status);
  const waits = await store.transact({ durable: false, reads: true }, (tx) => tx.waitsOf(id));
  return !waits.some((wait) => wait.status === "ready" || (wait.status === "open" && isPast(wait, now)));
}

async function getRun(store: Store, id: string): Promise<Run> {
  const run = await store.transact({ durable: false, reads: true }, (tx) => tx.getRun(id));
  if (run === null) throw runUnknown(id);
  return run;
}
