import { hashJson, isOffstageError, newRunId, OffstageError, toErrorData } from "../base/index.ts";
import type { EngineResult, Models, OwnCode, Ports, RunFrame } from "../engine/index.ts";
import { endOf, interpret } from "../engine/index.ts";
import type { Effects, Turns } from "../effects/index.ts";
import type { Plan, PlannedEffect, Run } from "../model/index.ts";
import { type Program, SEMANTICS, namedServers } from "../program/index.ts";
import type { JournalRow, Store, StoreTx } from "../state/index.ts";
import { afterMiss } from "../records/index.ts";
import { CANCEL_ASKED } from "./ask-to-end.ts";
import { type Checkpoint, createCheckpoint } from "./checkpoint.ts";
import type { Environment } from "./environment.ts";
import { withPlaces } from "./failure-place.ts";
import { continueLater } from "./continue-later.ts";
import { goOnAfter } from "./go-on-with-grants.ts";
import { conformsFor } from "./input-check.ts";
import { createStoreJournal, keepingJournal, type StoreJournal } from "./journal.ts";
import { createRunEffects, type RunEffects } from "./run-effects.ts";
import { refuseOwnCode } from "./refuse-own-code.ts";
import { refuseOtherTargets } from "./same-targets.ts";
import { othersScopes } from "./scopes.ts";
import { commitStates, createStates } from "./states.ts";
import { stopsOf } from "./stops.ts";
import { stoppableReads } from "./stoppable-reads.ts";
import { tryAgain } from "./try-again.ts";
import { createWaits, forgetWaits } from "./waits.ts";
import { watchCalls, withCounted } from "./watch-calls.ts";

/** A run has few calls under way at a time. */
const MOST_TOLD = 100;

/** One run to be driven to its end by this process. */
export interface Execution {
  readonly store: Store;
  readonly environment: Environment;
  /** Shared by all runs of the process. */
  readonly turns: Turns;
  readonly run: Run;
  readonly program: Program;
  /** The plan that is applied; null in the other phases. */
  readonly plan: Plan | null;
  /** What the run journaled before it was interrupted, or while it was planned. */
  readonly rows: readonly JournalRow[];
  readonly epoch: number;
  /** The lease's token; null while planning, which writes nothing that another process could contradict. */
  readonly fence: number | null;
  /** Aborted when another process took the store over. */
  readonly lost: AbortSignal;
  /** Aborted when a person cancels the run. */
  readonly cancelled: AbortSignal;
}

/** How driving a run ended, before its end is stored. */
export interface Executed {
  readonly run: Run;
  readonly result: EngineResult;
  readonly journal: StoreJournal;
  readonly effects: Pick<Effects, "flush" | "restore">;
  readonly planned: readonly PlannedEffect[];
  /** Writes and records that were found as they should be. */
  readonly unchanged: number;
}

/**
 * Executes a run over the environment's ports. Rejects only when nothing can be said about the run: the store is out of
 * reach or belongs to another process, or this process cannot begin to drive it. Whoever holds the store next continues it then.
 */
export async function executeProgram(execution: Execution): Promise<Executed> {
  const { store, run, program, fence } = execution;
  const watched = watchCalls(execution.environment.calls, execution.environment.isUnlike ?? (() => false));
  const environment: Environment = { ...execution.environment, calls: watched.calls };
  if (program.semantics !== SEMANTICS) return endUninterpreted(execution);
  const journal = createStoreJournal({
    runId: run.id, rows: execution.rows, clock: environment.clock,
    spill: (flush) => keepingJournal(store, journal).transact({ durable: false, ...(fence === null ? {} : { fence }) }, flush),
  });
  const effects: RunEffects = createRunEffects({ ...execution, environment, store: keepingJournal(store, { restore: (tx) => restoreAll(tx, { journal, effects: effects.effects }) }), program, journal });
  // As if it had been driven without a pause: parked time does not count.
  const startedAt = environment.clock.now() - run.drivenMs;
  const checkpoint = createCheckpoint({ limits: program.limits, clock: environment.clock, startedAt, stops: stopsOf(execution) });
  const scopes = await othersScopes(store, program);
  // One that only ends now needs nobody.
  if (!execution.cancelled.aborted) {
    await refuseOtherTargets(run, program, journal, environment.targetOf);
    if (run.phase !== "plan" && environment.own === undefined) refuseOwnCode(program);
  }
  await environment.connect(namedServers(program));
  const execute = environment.execute ?? interpret;
  const conforms = await conformsFor(program);
  const result = withPlaces(await execute(program, frameOf(run, program, scopes), { ...portsOf({ ...execution, environment }, journal, effects, checkpoint), conforms }), program);
  const { writes, doneBefore } = effects.counts();
  // What it called before it was parked is in part answered from the journal now; what it wrote is all answered.
  const counts = { calls: Math.max(run.counts.calls, checkpoint.calls()), writes: run.counts.writes + writes, replayed: result.replayed, ...withCounted(run.counts, watched), ...(result.sweep === null ? {} : { swept: result.sweep.swept }) };
  return { run: endedAs(run, result, counts, { now: environment.clock.now(), startedAt }), result, journal, effects: effects.effects, planned: effects.effects.plannedEffects(), unchanged: doneBefore + result.unchanged };
}

/** What a transaction that failed, or is made again, had taken of a run's memory. */
function restoreAll(tx: StoreTx, { journal, effects }: Pick<Executed, "journal" | "effects">): void {
  journal.restore(tx);
  effects.restore(tx);
}

/** A run that another version's semantics began goes on with nothing here; it may only end, when a person asked for that. What of it was under way is told: what became of it only the server knows. */
async function endUninterpreted({ store, environment, run, program, rows, cancelled }: Execution): Promise<Executed> {
  if (!cancelled.aborted) throw new OffstageError("NOT_YET", `Run ${run.id} began under semantics ${program.semantics}; this version of Offstage knows ${SEMANTICS}.`, { hint: `Finish it with the version that began it, or end it where it is: offstage cancel ${run.id}` });
  const intended = await store.transact({ durable: false, reads: true }, (tx) => tx.listEffects({ runId: run.id, status: ["intended"], limit: MOST_TOLD }));
  const ambiguous = intended.map(({ id, step, server, tool }) => ({ effect: id, step, label: tool === null ? server : `${server}.${tool}`, why: "It was under way when the run was ended by another version.", waits: true }));
  const result: EngineResult = { end: "cancelled", output: null, error: CANCEL_ASKED, failures: run.failures, held: [], ambiguous, waits: [], staged: [], replayed: 0, unchanged: 0, sweep: null };
  const journal = createStoreJournal({ runId: run.id, rows, clock: environment.clock, spill: () => Promise.resolve() });
  const now = environment.clock.now();
  return { run: endedAs(run, result, run.counts, { now, startedAt: now - run.drivenMs }), result, journal, effects: { flush: () => Promise.resolve(), restore: () => undefined }, planned: [], unchanged: 0 };
}

/**
 * Stores how a run ended, in one transaction with what it staged. A lost race of a state is the run's end instead; one that somebody asked to end while it
 * came to be parked goes on (`running`), as far as that, and one that then failed or left something is `cancelled`: nothing begins it again. So goes on one of which something was permitted meanwhile. What is to be tried again for it waits from then on. `plan`: what a run that was held at its writes came to.
 */
export async function storeEnd(execution: Execution, executed: Executed, plan: Plan | null = null): Promise<Run> {
  const { fence, environment } = execution;
  const store = keepingJournal(execution.store, { restore: (tx) => restoreAll(tx, executed) });
  const end = async (run: Run, withStates: boolean): Promise<Run> => {
    const { ended, again } = await store.transact({ durable: true, ...(fence === null ? {} : { fence }) }, async (tx) => {
      await executed.journal.flush(tx);
      await executed.effects.flush(tx);
      await forgetWaits(tx, run.id, run.waits);
      if (withStates) await commitStates(tx, run.scope, executed.result.staged);
      if (run.phase !== "plan" && run.status !== "failed") await countMisses(tx, executed.result.sweep, run.startedAt);
      const wished = run.status !== "succeeded" && (await tx.getRun(run.id))?.error?.code === CANCEL_ASKED.code;
      const asked = wished && run.status === "parked";
      const settled: Run = asked ? { ...run, status: "running", waits: [], error: CANCEL_ASKED } : wished && run.status !== "planned" ? { ...run, status: "cancelled" } : run;
      const again = await tryAgain(tx, environment, settled);
      const stored = asked ? settled : await goOnAfter(tx, environment, settled, again);
      await tx.putRun(stored);
      // With its run: between the two it would be a program that no run names, which is removed.
      if (plan !== null) await tx.putProgram(run.programHash, execution.program);
      if (plan !== null && stored.status === "planned") await tx.putPlan({ plan, appliedAt: null, error: null });
      return { ended: stored, again: again ?? (await continueLater(tx, environment, stored)) };
    });
    if (again !== null) environment.news({ kind: "run-parked", run: again });
    return ended;
  };
  try {
    return await end(executed.run, executed.run.status === "succeeded" && executed.run.held.length === 0);
  } catch (error) {
    if (!(isOffstageError(error) && error.code === "STATE_CONFLICT")) throw error;
    const failed: Run = { ...executed.run, status: "failed", error: toErrorData(error) };
    return end(failed, false);
  }
}

/** With the run's end, so that no sweep counts twice: one that is killed before looks again. */
async function countMisses(tx: StoreTx, sweep: EngineResult["sweep"], since: number): Promise<void> {
  for (const key of sweep?.missed ?? []) {
    const missed = afterMiss(await tx.getBinding(key), since);
    if (missed !== null) await tx.putBinding(missed);
  }
}

function portsOf({ store, environment, run, fence, cancelled, lost }: Execution, journal: StoreJournal, { effects }: RunEffects, checkpoint: Checkpoint): Omit<Ports, "conforms"> {
  const { calls, models = NO_MODELS, own = NO_OWN_CODE } = environment;
  const answering = stoppableReads({ read: (call) => calls.read(call), readOffer: (call) => calls.readOffer(call), ask: (question) => models.ask(question), call: (call) => own.call(call) }, stopsOf({ cancelled, lost }));
  return {
    journal, effects, checkpoint,
    tools: environment.rulebook.tools,
    reads: answering, models: answering, own: answering,
    states: createStates(store),
    waits: createWaits({ store: keepingJournal(store, journal), run, fence, journal, clock: environment.clock, newId: () => newRunId(environment.clock.now(), environment.random), approvers: () => (environment.policyNow?.() ?? environment.policy).approvers }),
    log: (_step, text) => environment.news({ kind: "log", runId: run.id, text }),
  };
}

const NO_MODELS: Models = {
  ask: () => Promise.reject(new OffstageError("MODEL_MISSING", "The workflow asks a model, and none is configured.", { hint: "Name one in offstage.yaml, under `model:`." })),
};

/** Plans call none; for what runs, {@link refuseOwnCode} comes before. */
const NO_OWN_CODE: OwnCode = { call: () => Promise.reject(new OffstageError("BUG", "Its owner's code was called where none is executed.")) };

function frameOf(run: Run, { was }: Program, scopes: RunFrame["scopes"]): RunFrame {
  const { id, rootRunId, workflow, scope, phase, startedAt, inputs, event, sweep } = run;
  return { runId: id, rootRunId, scope, scopes, phase, startedAt, inputs, event, sweep: sweep ? { workflows: was === undefined ? [workflow] : [workflow, was], inputsHash: hashJson(inputs) } : null };
}

/** `startedAt`: when driving it began, as if without a pause. */
function endedAs(run: Run, result: EngineResult, counts: Run["counts"], { now, startedAt }: { readonly now: number; readonly startedAt: number }): Run {
  const status = endOf(result);
  const planned = run.phase === "plan" && status !== "failed" && status !== "cancelled";
  return {
    ...run, counts,
    status: planned ? "planned" : status,
    endedAt: status === "parked" ? null : now,
    waits: result.waits,
    // A clock that was put back takes nothing off.
    drivenMs: Math.max(run.drivenMs, now - startedAt),
    output: result.output,
    error: result.error,
    failures: result.failures,
    held: result.held,
    ambiguous: result.ambiguous,
  };
}
