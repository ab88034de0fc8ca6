export type { Binding } from "./binding.ts";
export type { CallClass } from "./call-class.ts";
export type { Certainty, EffectAnswer, EffectCall, EffectRequest, Evidence, HoldReason, LedgerEntry, Outcome } from "./effect.ts";
export type { ApprovalRequest } from "./grant.ts";
export type { EffectId, EffectIdentity, RecordAction, RecordKey, StepKey } from "./identity.ts";
export type { PartialData, UnknownPart } from "./partial.ts";
export type { Plan, PlanBasis, PlannedEffect, PlanSign } from "./plan.ts";
export { DEFAULT_POLICY, type Policy, type PolicyRule } from "./policy.ts";
export { type Run, type RunCounts, type RunEnd, type RunEvent, type RunFailure, type RunHold, type RunPhase, RUN_ENDS, type RunStatus } from "./run.ts";
