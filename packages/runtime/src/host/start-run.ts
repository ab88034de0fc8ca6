import { newRunId } from "../base/index.ts";
import type { Run, RunPhase } from "../model/index.ts";
import { hashProgram } from "../program/index.ts";
import type { StoreTx } from "../state/index.ts";
import type { Environment } from "./environment.ts";
import { newRun } from "./new-run.ts";
import { scopeOf } from "./scopes.ts";
import type { StartRequest } from "./run-host.ts";

/** A new run of a program, under the scope that its workflow has in this store; in a dry run one that is held at its writes, whatever was asked for. Its inputs are checked; it is not stored yet. */
export async function startRun(tx: StoreTx, environment: Pick<Environment, "clock" | "random" | "dryRun">, request: StartRequest & { readonly phase: RunPhase; readonly turn?: string }): Promise<Run> {
  const { program, phase, inputs, event, sweep = false, turn = null } = request;
  const now = environment.clock.now();
  return newRun({
    id: newRunId(now, environment.random), workflow: program.name, scope: await scopeOf(tx, program), programHash: hashProgram(program),
    phase: environment.dryRun === true ? "plan" : phase, inputs, event, sweep, turn, now,
  });
}
