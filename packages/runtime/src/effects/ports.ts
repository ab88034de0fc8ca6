import type { Clock, Data, ErrorData, JsonObject } from "../base/index.ts";
import type { Binding, EffectAnswer, EffectId, EffectIdentity, EffectRequest, Evidence, LedgerEntry, OnceIdentity, Plan, PlannedEffect, Policy, RecordKey, RunPhase, StepKey } from "../model/index.ts";
import type { BindingChange, RecordView } from "../records/index.ts";
import type { Store, StoreTx } from "../state/index.ts";
import type { Turns } from "./turns.ts";

/** Sends one call and understands its answer (`calls` fits by shape). */
export interface Caller {
  /** Sends nothing after `deadlineAt`. Should it reject, the call may have been made. */
  call(server: string, tool: string, args: Data, options: { readonly deadlineAt: number }): Promise<CallAnswer>;
}

/** How a call ended. `refused`: provably without effect (never sent, or a rule says so). */
export type CallAnswer =
  | { readonly kind: "value"; readonly value: Data }
  | { readonly kind: "unreadable"; readonly error: ErrorData }
  | { readonly kind: "error"; readonly error: ErrorData; readonly refused: boolean };

/** The run that asks for the effects. */
export interface EffectsRun {
  readonly id: string;
  readonly rootRunId: string;
  readonly workflow: string;
  /** The name that it had before a renaming. */
  readonly formerly?: string;
  /** The name that it has now, by which policies and the pause switch know it, where it was renamed while the run went on. */
  readonly nameNow?: string;
  readonly phase: RunPhase;
  readonly inputsHash: string;
  /** The most writes of this run; null for no limit. */
  readonly maxWrites: number | null;
}

/** What {@link createEffects} needs. */
export interface EffectsOptions {
  readonly store: Store;
  readonly caller: Caller;
  readonly clock: Clock;
  readonly run: EffectsRun;
  /** The lease's fencing token of this process; null while planning, which needs no lease. */
  readonly fence: number | null;
  readonly epoch: number;
  /** The plan that is applied; null in the other phases. */
  readonly plan: Plan | null;
  readonly policy: Policy;
  /** This process writes nothing. */
  readonly dryRun?: true;
  /** The account or site that a server speaks to. */
  readonly targetOf: (server: string) => string;
  /** TOOL_CHANGED or NOT_LOCKED, null when the tool is as it was pinned. */
  readonly lockFault: (server: string, tool: string) => ErrorData | null;
  /** How long a write may take, from its intent: nothing is sent after that. */
  readonly timeoutMs: (server: string) => number;
  /** Shared by all runs of the process. */
  readonly turns: Turns;
  readonly newId: () => string;
  /** Makes the run that a `start` asks for, in the transaction that says that it is started; gives its id. */
  readonly startRun: (tx: StoreTx, asked: StartedRun) => Promise<string>;
  /** Writes what the journal holds back, in the transaction of an intent: nothing durable comes before what led to it. */
  readonly beforeCommit: (tx: StoreTx) => Promise<void>;
  readonly onEffect: (event: EffectEvent) => void;
  /** False: what is held for a person is held without asking one, and what failed may be attempted again under the same run. */
  readonly asks?: false;
}

/** What `start` asks for. */
export interface StartedRun {
  readonly workflow: string;
  readonly key: string;
  readonly inputs: JsonObject;
}

/** What became of a write, for progress lines and counts. */
export interface EffectEvent {
  readonly kind: "effect-done" | "effect-failed" | "effect-held" | "effect-ambiguous" | "effect-refused";
  readonly effect: EffectId;
  readonly server: string;
  /** null: a record is adopted or released, and no tool is called. */
  readonly tool: string | null;
  readonly label: string;
  readonly detail: string;
  /** Answered from the ledger: it was done before. */
  readonly replayed: boolean;
  /** This run intended it now; everything else is an answer without a call. */
  readonly attempted: boolean;
}

/** The engine's port of the same name, and what a host asks besides. */
export interface Effects {
  entry(identity: EffectIdentity): Promise<LedgerEntry | null>;
  record(key: RecordKey, server: string): Promise<RecordView>;
  perform(request: EffectRequest): Promise<EffectAnswer>;
  settle(effect: EffectId, evidence: Evidence): Promise<LedgerEntry>;
  complete(effect: EffectId, completion: string): Promise<void>;
  bind(change: BindingChange): Promise<Binding>;
  bindings(scope: string, record: string | null): Promise<readonly Binding[]>;
  earlierWindow(identity: OnceIdentity, step: StepKey): Promise<number | null>;
  /** Writes the completions that wait, in a transaction of the caller's: with the next intent, and at the run's end. */
  flush(tx: StoreTx): Promise<void>;
  /** What was flushed in this transaction waits again: it did not commit. */
  restore(tx: StoreTx): void;
  /** The lines of the plan so far, in the order of the text, loops in the order of their items. */
  plannedEffects(): readonly PlannedEffect[];
}
