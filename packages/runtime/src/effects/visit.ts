import type { Visit } from "../records/index.ts";
import type { EffectsOptions } from "./ports.ts";

/** What a binding is told about the run that changes it now. */
export function visitOf(options: EffectsOptions, target: string): Visit {
  const { clock, run, epoch } = options;
  return { now: clock.now(), runId: run.id, workflow: run.workflow, inputsHash: run.inputsHash, epoch, target };
}
