import type { EffectId, EffectIdentity, StepKey } from "./identity.ts";
import type { Certainty, HoldReason } from "./effect.ts";
import type { PartialData } from "./partial.ts";

/** The sign in front of a plan's line: create, adopt, update, release; a bare write is `+` too. */
export type PlanSign = "+" | "=" | "~" | "-";

/** One effect that a plan shows and, once approved, permits. */
export interface PlannedEffect {
  readonly id: EffectId;
  readonly identity: EffectIdentity;
  readonly identityKnown: boolean;
  readonly step: StepKey;
  readonly sign: PlanSign;
  readonly label: string;
  readonly server: string;
  readonly tool: string | null;
  readonly target: string;
  readonly args: PartialData;
  /** Hash over the known parts, unknown ones as null: what apply compares. */
  readonly knownHash: string;
  readonly certainty: Certainty;
  readonly undo: string | null;
  readonly why: HoldReason;
}

/** A run held at its writes, as shown to a person and kept beside the run. */
export interface Plan {
  readonly version: 1;
  /** The run's id: apply continues it. */
  readonly id: string;
  readonly storeId: string;
  readonly workflow: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Hashes of what the plan was made under: a change of any voids it. */
  readonly basis: PlanBasis;
  /** In the order of the text, loops in the order of their items. */
  readonly effects: readonly PlannedEffect[];
  /** Items that need nothing, writes that are done already. */
  readonly unchanged: number;
}

export interface PlanBasis {
  readonly program: string;
  readonly classes: string;
  readonly profiles: string;
  readonly policy: string;
  /** server → target. */
  readonly targets: { readonly [server: string]: string };
}
