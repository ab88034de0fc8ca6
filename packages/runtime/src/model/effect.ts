import type { Data, ErrorData } from "../base/index.ts";
import type { CallClass } from "./call-class.ts";
import type { EffectId, EffectIdentity, StepKey } from "./identity.ts";
import type { PartialData } from "./partial.ts";

/** The call that an effect makes. Adoption makes none. */
export interface EffectCall {
  readonly server: string;
  readonly tool: string;
  readonly class: CallClass;
}

/** How sure a plan is that a write will be made. `may-many`: in a loop whose length is not known. */
export type Certainty = "sure" | "may" | "may-many";

/** A write that the engine asks for. */
export interface EffectRequest {
  readonly identity: EffectIdentity;
  readonly step: StepKey;
  /** null for an adoption. */
  readonly call: EffectCall | null;
  readonly args: PartialData;
  readonly certainty: Certainty;
  /** False when the identity itself contains an unknown: it can be shown, never permitted. */
  readonly identityKnown: boolean;
  /** A held or ambiguous effect earlier in the same item, branch or body: this one waits for it. */
  readonly after: EffectId | null;
  /** One line for people: what the item is (`ticket PR_7`). */
  readonly label: string;
  /** Server whose target is meant, when there is no call. */
  readonly server: string;
  /** Names of the called workflows that the write stands in, outermost first; absent in the run's own. */
  readonly within?: readonly string[];
}

/** What happened to a write. Stored; never revised except by settling an `ambiguous` one. */
export type Outcome =
  | { readonly kind: "done"; readonly value: Data; readonly unreadable: boolean }
  /** Proven not to have happened: nothing was sent, or a `refused`/`failed` rule says so. */
  | { readonly kind: "failed"; readonly error: ErrorData }
  | { readonly kind: "ambiguous"; readonly error: ErrorData };

/**
 * One row of the ledger. `intended` is written, durably, before anything is sent; whoever finds it without an outcome and
 * its owner gone knows only that the write may have happened.
 */
export interface LedgerEntry {
  readonly id: EffectId;
  readonly identity: EffectIdentity;
  readonly status: "intended" | Outcome["kind"];
  /** The run (and its root) that last attempted it. */
  readonly runId: string;
  readonly rootRunId: string;
  readonly step: StepKey;
  readonly server: string;
  readonly tool: string | null;
  /** The server's target when it was intended. */
  readonly target: string;
  readonly argsHash: string;
  /** Redacted; for people. May be dropped by retention. */
  readonly args: Data | null;
  /** Counts from 1; a `failed` effect may be attempted again. */
  readonly attempt: number;
  /** The lease's fencing token of the process that intends it. */
  readonly fence: number;
  readonly epoch: number;
  readonly idempotent: boolean;
  readonly intendedAt: number;
  /** After this instant nothing of this attempt is sent any more. */
  readonly deadlineAt: number;
  readonly settledAt: number | null;
  /** null while intended. */
  readonly outcome: Outcome | null;
  /** How it was settled when not by its own answer. */
  readonly settledBy: "answer" | "found" | "absent" | "repeated" | "person" | null;
  /** The value of the function around the write (`once`), encoded; null until completed. */
  readonly completion: string | null;
}

/** Why a write is held. */
export type HoldReason =
  | { readonly kind: "planning" }
  | { readonly kind: "not-in-plan"; readonly detail: string }
  | { readonly kind: "approval"; readonly detail: string; /** Who has to permit it; anybody without it. */ readonly by?: readonly string[]; /** How many people; one without it. */ readonly count?: number }
  /** A person said no to exactly this: it waits for nobody. */
  | { readonly kind: "denied"; readonly detail: string }
  | { readonly kind: "guard"; readonly detail: string }
  | { readonly kind: "paused"; readonly detail: string }
  /** The process that comes to it writes nothing: another one makes it. */
  | { readonly kind: "dry-run" }
  /** The policy lets it wait; `until`: when its time may come, ms, null where that is not known. */
  | { readonly kind: "not-now"; readonly detail: string; readonly until: number | null }
  | { readonly kind: "after"; readonly effect: EffectId }
  | { readonly kind: "uncertain" }
  | { readonly kind: "unproven"; readonly detail: string };

/** What the engine gets for an {@link EffectRequest}. */
export type EffectAnswer =
  | { readonly kind: "done"; readonly effect: EffectId; readonly value: Data; readonly unreadable: boolean; /** Answered from the ledger. */ readonly replayed: boolean }
  | { readonly kind: "failed"; readonly effect: EffectId; readonly error: ErrorData }
  | { readonly kind: "held"; readonly effect: EffectId; readonly why: HoldReason }
  /** Ends the item, uncatchably; the identity is blocked until it is settled. */
  | { readonly kind: "ambiguous"; readonly effect: EffectId; readonly error: ErrorData }
  /** Ends the run, uncatchably. */
  | { readonly kind: "refused"; readonly effect: EffectId; readonly error: ErrorData };

/** What was learnt by looking for the traces of an ambiguous effect. */
export type Evidence =
  | { readonly kind: "found"; readonly value: Data }
  /** Looked for at `askedAt`, not there. `provesAfterMs`: how long after the deadline such an answer proves it; null never. */
  | { readonly kind: "absent"; readonly askedAt: number; readonly provesAfterMs: number | null };
