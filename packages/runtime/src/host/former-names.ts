import type { ServedWorkflow } from "./served-workflow.ts";

/** A workflow that is served, with the name that it had. */
export interface RenamedWorkflow extends ServedWorkflow {
  /** Under this its past is found: what waits for it, what it had before, how far its schedules were looked at. null where it had none, or another one has it now. */
  readonly formerly: string | null;
}

/** Workflows with the names that `was` gives them. */
export function withFormerNames(workflows: readonly ServedWorkflow[]): readonly RenamedWorkflow[] {
  const names = new Set(workflows.map(({ program }) => program.name));
  return workflows.map((one) => ({ ...one, formerly: one.program.was === undefined || names.has(one.program.was) ? null : one.program.was }));
}
