import type { ErrorData } from "../base/index.ts";
import type { ApprovalRequest, DayLimit, EffectId, EffectRequest, HoldReason, PlannedEffect, Policy, RunPhase } from "../model/index.ts";

/** A write as the gate sees it. */
export interface GateEffect {
  readonly id: EffectId;
  readonly request: EffectRequest;
  /** Hash of the whole arguments; null while a part is unknown. */
  readonly argsHash: string | null;
  /** The target of its server now. */
  readonly target: string;
}

/** Everything that decides besides the effect itself. Plain facts: the gate asks nobody. */
export interface GateContext {
  readonly phase: RunPhase;
  /** The name that policies and the pause switch use. */
  readonly workflow: string;
  /** The name that it had before a renaming: what was paused under it is. */
  readonly formerly?: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly policy: Policy;
  /** The line of the plan that is applied with this effect's id; null when there is none, or no plan. */
  readonly planned: PlannedEffect | null;
  /** When the plan that is applied was made, ms; null in the other phases. */
  readonly plannedAt: number | null;
  /** Requests of this effect that a person approved or denied. */
  readonly answers: readonly ApprovalRequest[];
  /** Writes that this run has sent or may have sent (in a plan: would send), and the most it may. */
  readonly writes: { readonly made: number; readonly limit: number | null };
  /** The day's limits that speak of this write, and how many writes besides it each has counted; no further than to the limit. */
  readonly today: readonly { readonly limit: DayLimit; readonly made: number }[];
  /** Updates and releases of the record in this run before this one, and the record's bindings. */
  readonly changes: { readonly made: number; readonly bindings: number };
  /** This process writes nothing: it only shows what it would do. */
  readonly dryRun: boolean;
  /** What takes no writes now: `*`, `workflow:x`, `server:y`. */
  readonly paused: readonly string[];
  /** TOOL_CHANGED or NOT_LOCKED for the call's tool. */
  readonly lockFault: ErrorData | null;
  /** Where the identity lives already: the target of its binding or of an earlier attempt; null when nowhere. */
  readonly knownTarget: string | null;
  /** The store was restored from a backup and knows nothing of this `once`: it may have happened. */
  readonly forgotten: boolean;
}

/** What becomes of a write. */
export type Decision =
  | { readonly kind: "perform"; /** The request whose grant this uses up. */ readonly grant: string | null }
  | { readonly kind: "hold"; readonly why: HoldReason }
  | { readonly kind: "refuse"; readonly error: ErrorData };
