import type { Arrival, Run, RunEvent } from "../model/index.ts";
import { hashProgram } from "../program/index.ts";
import type { Store, StoreTx } from "../state/index.ts";
import { type ArrivalDecisions, decideArrivals, type GoingRun } from "./decide-arrivals.ts";
import type { Environment } from "./environment.ts";
import type { ServedTrigger, ServedWorkflow } from "./served-workflow.ts";
import { startRun } from "./start-run.ts";

/** More than ever wait to be judged at once; the rest is found in the next round. */
const ROUND = 1_000;
/** As many runs stand before a process at most: what comes behind them is an arrival, which costs less to keep and to look at. */
const MOST_QUEUED = 256;

/** An event that came for a trigger. */
export interface Came {
  readonly event: RunEvent;
  /** Tells it from the others of the trigger. */
  readonly id: string;
  /** It starts nothing before. Ms since the epoch. */
  readonly dueAt: number;
}

/**
 * Keeps an event for a workflow, unless its trigger does not want it or had it before. Once the transaction is durable, it is not lost. One
 * that the trigger cannot judge is kept as dropped, with the error.
 */
export async function keepArrival(tx: StoreTx, { program }: ServedWorkflow, trigger: ServedTrigger, { event, id, dueAt }: Came, now: number): Promise<Arrival | null> {
  const { node } = trigger;
  const verdict = trigger.judge({ ...event });
  if (verdict.kind === "unwanted") return null;
  const failed = verdict.kind === "failed";
  const arrival: Arrival = {
    workflow: program.name, trigger: trigger.name, id, event, dueAt, key: failed ? "" : verdict.key, overlap: node.overlap, sweep: node.sweep, each: node.kind === "webhook" || node.kind === "queue" || ("missed" in node && node.missed === "all"),
    arrivedAt: now, status: failed ? "dropped" : "waiting", runId: null, why: failed ? `its trigger failed: ${verdict.error.message}` : null,
  };
  return (await tx.addArrival(arrival)) ? arrival : null;
}

/** What one look at the arrivals that wait came to. */
export interface Admitted {
  readonly started: readonly { readonly run: Run; readonly arrival: Arrival }[];
  /** Each with its `why`. */
  readonly dropped: readonly Arrival[];
  /** Ids of runs to cancel. */
  readonly replaced: readonly string[];
}

/**
 * Starts runs for the arrivals whose turn it is: run and arrival are one transaction, so that one arrival never starts two. Those of workflows that are not served wait, and so do those behind as many runs as a process
 * has before it.
 */
export async function admitArrivals(store: Store, environment: Pick<Environment, "clock" | "random">, workflows: readonly ServedWorkflow[]): Promise<Admitted> {
  const now = environment.clock.now();
  const served = new Map(workflows.map((one) => [one.program.name, one]));
  const decideIn = (tx: StoreTx): Promise<ArrivalDecisions> => decideNow(tx, [...served.keys()], now);
  const { start, drop, replace } = await store.transact({ durable: false, reads: true }, decideIn);
  if (start.length === 0 && drop.length === 0) return { started: [], dropped: [], replaced: replace };
  return store.transact({ durable: true }, async (tx) => {
    const decided = await decideIn(tx);
    const started: Admitted["started"][number][] = [];
    for (const arrival of decided.start) started.push({ run: await startFor(tx, environment, served.get(arrival.workflow) as ServedWorkflow, arrival), arrival });
    const programs = new Map(decided.start.map(({ workflow }) => (served.get(workflow) as ServedWorkflow).program).map((program) => [hashProgram(program), program]));
    for (const [hash, program] of programs) await tx.putProgram(hash, program);
    const dropped = decided.drop.map(({ arrival, why }): Arrival => ({ ...arrival, status: "dropped", why }));
    for (const arrival of dropped) await tx.putArrival(arrival);
    return { started, dropped, replaced: decided.replace };
  });
}

async function decideNow(tx: StoreTx, workflows: readonly string[], now: number): Promise<ArrivalDecisions> {
  const starts = MOST_QUEUED - (await tx.countQueued(MOST_QUEUED));
  if (starts === 0) return { start: [], drop: [], replace: [] };
  const waiting = await tx.admissibleArrivals({ workflows, now, starts, limit: ROUND });
  const going: GoingRun[] = [];
  const turns = new Map(waiting.map(({ workflow, key }) => [JSON.stringify([workflow, key]), { workflow, key }]));
  for (const { workflow, key } of turns.values()) {
    const runId = await tx.goingRun(workflow, key);
    if (runId !== null) going.push({ workflow, key, runId });
  }
  return decideArrivals(waiting, going, now);
}

async function startFor(tx: StoreTx, environment: Pick<Environment, "clock" | "random">, { program, inputs }: ServedWorkflow, arrival: Arrival): Promise<Run> {
  const run = await startRun(tx, environment, { program, inputs, event: arrival.event, ...(arrival.sweep ? { sweep: true } : {}), turn: arrival.key, phase: "run" });
  await tx.putRun(run);
  await tx.putArrival({ ...arrival, status: "started", runId: run.id });
  return run;
}
