import { newRunId } from "../base/index.ts";
import type { Run, RunPhase } from "../model/index.ts";
import { hashProgram } from "../program/index.ts";
import type { StoreTx } from "../state/index.ts";
import type { Environment } from "./environment.ts";
import { newRun } from "./new-run.ts";
import type { StartRequest } from "./run-host.ts";

/** A new run of a program, under the scope that its workflow has in this store. It is not stored yet. */
export async function startRun(tx: StoreTx, environment: Pick<Environment, "clock" | "random">, request: StartRequest & { readonly phase: RunPhase }): Promise<Run> {
  const { program, phase, inputs, event } = request;
  const now = environment.clock.now();
  return newRun({
    id: newRunId(now, environment.random), workflow: program.name, scope: await scopeOf(tx, program), programHash: hashProgram(program),
    phase, inputs: { ...program.inputs, ...inputs }, event, now,
  });
}

/**
 * Lasting identities belong to a workflow's first name, so that `was` takes them along. A workflow that is new here, and was
 * another one before, gets that one's scope.
 */
async function scopeOf(tx: StoreTx, { name, was }: StartRequest["program"]): Promise<string> {
  const known = await tx.getScope(name);
  if (known !== null) return known;
  const scope = was === undefined ? name : ((await tx.getScope(was)) ?? was);
  await tx.putScope(name, scope);
  return scope;
}
