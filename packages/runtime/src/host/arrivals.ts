import type { Arrival, Run, RunEvent } from "../model/index.ts";
import { hashProgram } from "../program/index.ts";
import type { Store, StoreTx } from "../state/index.ts";
import { type ArrivalDecisions, decideArrivals, type GoingRun } from "./decide-arrivals.ts";
import type { Environment } from "./environment.ts";
import { type RenamedWorkflow, withFormerNames } from "./former-names.ts";
import type { ServedTrigger, ServedWorkflow } from "./served-workflow.ts";
import { startRun } from "./start-run.ts";

/** More than ever wait to be judged at once; the rest is found in the next round. */
const ROUND = 1_000;
/** As many runs stand before a process at most: what comes behind them is an arrival, which costs less to keep and to look at. */
const MOST_QUEUED = 256;
/** Only when so many have begun are others looked for: a look costs as much as arrivals wait, not as runs may start. */
const LEAST_STARTS = MOST_QUEUED / 2;

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
export async function keepArrival(tx: StoreTx, { program, formerly }: RenamedWorkflow, trigger: ServedTrigger, { event, id, dueAt }: Came, now: number): Promise<Arrival | null> {
  const { node } = trigger;
  if (formerly !== null && (await tx.getArrival(formerly, trigger.name, id)) !== null) return null;
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
 * has before it. One that was renamed takes what waits for its former name.
 */
export async function admitArrivals(store: Store, environment: Pick<Environment, "clock" | "random" | "dryRun">, workflows: readonly ServedWorkflow[]): Promise<Admitted> {
  const now = environment.clock.now();
  const renamed = withFormerNames(workflows);
  const takers = new Map([...renamed.flatMap((one) => (one.formerly === null ? [] : [[one.formerly, one] as const])), ...renamed.map((one) => [one.program.name, one] as const)]);
  const decideIn = (tx: StoreTx): Promise<ArrivalDecisions> => decideNow(tx, takers, now, environment.dryRun === true);
  const { start, drop, replace } = await store.transact({ durable: false, reads: true }, decideIn);
  if (start.length === 0 && drop.length === 0) return { started: [], dropped: [], replaced: replace };
  return store.transact({ durable: true }, async (tx) => {
    const decided = await decideIn(tx);
    const started: Admitted["started"][number][] = [];
    for (const arrival of decided.start) started.push({ run: await startFor(tx, environment, takers.get(arrival.workflow) as ServedWorkflow, arrival), arrival });
    const programs = new Map(decided.start.map(({ workflow }) => (takers.get(workflow) as ServedWorkflow).program).map((program) => [hashProgram(program), program]));
    for (const [hash, program] of programs) await tx.putProgram(hash, program);
    const dropped = decided.drop.map(({ arrival, why }): Arrival => ({ ...arrival, status: "dropped", why }));
    for (const arrival of dropped) await tx.putArrival(arrival);
    return { started, dropped, replaced: decided.replace };
  });
}

/** Judged under the names that workflows have now, given back under those that arrivals are kept by. */
async function decideNow(tx: StoreTx, takers: ReadonlyMap<string, RenamedWorkflow>, now: number, dryRun: boolean): Promise<ArrivalDecisions> {
  // What began for real stands before no dry run: it is left alone there.
  const starts = MOST_QUEUED - (await tx.countQueued(MOST_QUEUED, dryRun ? "plan" : undefined));
  if (starts < LEAST_STARTS) return { start: [], drop: [], replace: [] };
  const kept = new Map<Arrival, Arrival>();
  const turns = new Map<string, { readonly taker: RenamedWorkflow; readonly key: string }>();
  for (const arrival of await tx.admissibleArrivals({ workflows: [...takers.keys()], now, starts, limit: ROUND })) {
    const taker = takers.get(arrival.workflow) as RenamedWorkflow;
    const judged = { ...arrival, workflow: taker.program.name };
    kept.set(judged, arrival);
    turns.set(JSON.stringify([judged.workflow, judged.key]), { taker, key: judged.key });
  }
  const going: GoingRun[] = [];
  const left = new Set<string>();
  for (const { taker: { program: { name }, formerly }, key } of turns.values()) {
    const runId = (await tx.goingRun(name, key)) ?? (formerly === null ? null : await tx.goingRun(formerly, key));
    // Whatever its end would mean for them is decided when that may come: until then they wait.
    if (runId !== null && dryRun && (await tx.getRun(runId))?.phase !== "plan") left.add(JSON.stringify([name, key]));
    else if (runId !== null) going.push({ workflow: name, key, runId });
  }
  const { start, drop, replace } = decideArrivals([...kept.keys()].filter(({ workflow, key }) => !left.has(JSON.stringify([workflow, key]))), going, now);
  const original = (judged: Arrival): Arrival => kept.get(judged) as Arrival;
  return { start: start.map(original), drop: drop.map(({ arrival, why }) => ({ arrival: original(arrival), why })), replace };
}

async function startFor(tx: StoreTx, environment: Pick<Environment, "clock" | "random" | "dryRun">, { program, inputs }: ServedWorkflow, arrival: Arrival): Promise<Run> {
  const run = await startRun(tx, environment, { program, inputs, event: arrival.event, ...(arrival.sweep ? { sweep: true } : {}), turn: arrival.key, phase: "run" });
  await tx.putRun(run);
  await tx.putArrival({ ...arrival, status: "started", runId: run.id });
  return run;
}
