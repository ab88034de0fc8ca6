import type { Plan, Run } from "../model/index.ts";
import { hashProgram, namedServers, type Program } from "../program/index.ts";
import type { Environment } from "./environment.ts";
import { type Executed, type Execution, executeProgram, storeEnd } from "./execute.ts";
import { checkedInputs } from "./input-check.ts";
import { createPlan } from "./plan-document.ts";
import type { PlanRequest } from "./run-host.ts";
import { startRun } from "./start-run.ts";

/**
 * Runs a program held at its writes and keeps the plan beside its run. Needs no lease: it calls reading tools only, and
 * what it learns of earlier writes is compared and set.
 */
export async function planRun({ store, environment, turns }: Pick<Execution, "store" | "environment" | "turns">, request: PlanRequest): Promise<{ readonly run: Run; readonly plan: Plan }> {
  const inputs = await checkedInputs(environment, request);
  const { run, epoch } = await store.transact({ durable: false }, async (tx) => ({
    run: await startRun(tx, environment, { ...request, inputs, phase: "plan" }),
    epoch: Number(await tx.getMeta("epoch")),
  }));
  const execution: Execution = { store, environment, turns, run, program: request.program, plan: null, rows: [], epoch, fence: null, lost: new AbortController().signal, cancelled: request.cancelled };
  const executed = await executeProgram(execution);
  const plan = planOf(execution, executed);
  return { run: await storeEnd(execution, executed, plan), plan };
}

/** What a run that is held at its writes came to. */
export function planOf({ store, environment, run, program }: Execution, { planned, unchanged }: Executed): Plan {
  return createPlan({ run, storeId: store.id, effects: planned, unchanged, basis: basisOf(environment, program), policy: environment.policy });
}

function basisOf(environment: Environment, program: Program): Plan["basis"] {
  return { ...environment.basis, program: hashProgram(program), targets: Object.fromEntries(namedServers(program).map((server) => [server, environment.targetOf(server)])) };
}
