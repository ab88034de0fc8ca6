import type { Arrival, Run, RunEvent } from "../model/index.ts";
import type { Store, StoreTx } from "../state/index.ts";
import { decideArrivals } from "./decide-arrivals.ts";
import type { Environment } from "./environment.ts";
import type { ServedTrigger, ServedWorkflow } from "./served-workflow.ts";
import { startRun } from "./start-run.ts";

/** More than ever wait at once; the rest is found in the next round. */
const ROUND = 10_000;

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
    workflow: program.name, trigger: trigger.name, id, event, dueAt, key: failed ? "" : verdict.key, overlap: node.overlap, sweep: node.sweep, each: "missed" in node && node.missed === "all",
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

/** Starts runs for the arrivals whose turn it is: run and arrival are one transaction, so that one arrival never starts two. Those of workflows that are not served wait. */
export async function admitArrivals(store: Store, environment: Pick<Environment, "clock" | "random">, workflows: readonly ServedWorkflow[]): Promise<Admitted> {
  const now = environment.clock.now();
  const served = new Map(workflows.map((one) => [one.program.name, one]));
  const ours = { workflows: [...served.keys()], now };
  const due = await store.transact({ durable: false, reads: true }, (tx) => tx.waitingArrivals({ ...ours, limit: 1 }));
  if (due.length === 0) return { started: [], dropped: [], replaced: [] };
  return store.transact({ durable: true }, async (tx) => {
    const { start, drop, replace } = decideArrivals(await tx.waitingArrivals({ ...ours, limit: ROUND }), await tx.goingRuns(), now);
    const started: Admitted["started"][number][] = [];
    for (const arrival of start) {
      const { program, inputs } = served.get(arrival.workflow) as ServedWorkflow;
      const run = await startRun(tx, environment, { program, inputs, event: arrival.event, ...(arrival.sweep ? { sweep: true } : {}), phase: "run" });
      await tx.putProgram(run.programHash, program);
      await tx.putRun(run);
      await tx.putArrival({ ...arrival, status: "started", runId: run.id });
      started.push({ run, arrival });
    }
    const dropped = drop.map(({ arrival, why }): Arrival => ({ ...arrival, status: "dropped", why }));
    for (const arrival of dropped) await tx.putArrival(arrival);
    return { started, dropped, replaced: replace };
  });
}
