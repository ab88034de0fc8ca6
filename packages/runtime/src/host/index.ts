export { type Environment, type Executor } from "./environment.ts";
export { type Executed, executeProgram, type Execution, storeEnd } from "./execute.ts";
export { type AcquiredLease, createLeaseKeeper, type LeaseKeeper, type LeaseKeeperOptions } from "./lease-keeper.ts";
export { continuationOf } from "./new-run.ts";
export { hashPolicy, planFault } from "./plan-document.ts";
export { createRulebook, type Rulebook, type RulebookOptions } from "./rulebook.ts";
export type { PlanRequest, RunFilter, RunHandle, RunHost, RunNews, StartRequest } from "./run-host.ts";
export { planRun } from "./run-plan.ts";
export { startRun } from "./start-run.ts";
