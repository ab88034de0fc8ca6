import type { Data, ErrorData, JsonObject } from "../base/index.ts";
import type { ApprovalAnswer, ApprovalQuestion, Binding, CallClass, EffectAnswer, EffectId, EffectIdentity, EffectRequest, EventSource, Evidence, LedgerEntry, OnceIdentity, RecordKey, RunEvent, RunPhase, RunWait, StepKey } from "../model/index.ts";
import type { Conforms } from "../program/index.ts";
import type { BindingChange, RecordView, Sweep } from "../records/index.ts";
import type { Value } from "./value.ts";

/** Everything the engine asks of the world. It has no clock, no randomness, no I/O and no globals of its own. */
export interface Ports {
  readonly journal: Journal;
  readonly tools: Tools;
  readonly reads: Reads;
  readonly models: Models;
  readonly own: OwnCode;
  readonly effects: Effects;
  readonly states: States;
  readonly waits: Waits;
  /** Knows the JSON Schemas of inputs. */
  readonly conforms: Conforms;
  /** A line in the run's story. Called again when a run is resumed, with the same step. */
  log(step: StepKey, text: string): void;
  /** Called at the start of each step: throws CANCELLED or LIMIT_DURATION when the run must end; counts towards LIMIT_CALLS. */
  checkpoint(kind: "call" | "other"): void;
}

/** What a run has already seen, so that it can go on after a crash. Keys are unique in a run. */
export interface Journal {
  /**
   * Answers from what is journaled under `key`, else performs and journals. `hash` is the hash of what was asked:
   * another one under the same key is JOURNAL_MISMATCH. Rejections are not journaled.
   */
  once(key: StepKey, hash: string, perform: () => Promise<Value>): Promise<Value>;
  /** Milliseconds since the epoch, the same for the same key. */
  now(key: StepKey): number;
  /** What a finished item of an `each` left behind; undefined when it has to run. */
  compacted(key: StepKey): CompactedItem | undefined;
  /** Replaces everything journaled below `key` by `item`. */
  compact(key: StepKey, item: CompactedItem): Promise<void>;
}

/** The compaction format: the result, and the state changes that the item staged. */
export interface CompactedItem {
  readonly result: Value;
  readonly staged: readonly StagedState[];
}

/** Profiles, as the engine sees them: what a call is and how it pages. Pure and immediate. */
export interface Tools {
  /** `args` may contain unknowns; what cannot be decided is a write. */
  classify(server: string, tool: string, args: Value): CallClass;
  paging(server: string, tool: string, args: Value): Paging;
}

/** How one call pages. */
export interface Paging {
  /** The arguments of the first page. */
  first(args: Value): Value;
  /** The arguments of the page after `result` (the `index`-th, from 0), or null when it was the last. */
  next(args: Value, result: Value, index: number): Value | null;
  items(result: Value): readonly Value[];
  /** True when there is more that the tool cannot give. */
  more(result: Value): boolean;
  /** The most pages; null when the profile gives none and the call must say. */
  readonly max: number | null;
}

/** A reading call. Never used for writes. */
export interface Reads {
  read(call: ReadCall): Promise<ReadAnswer>;
  /** A resource or a prompt: never a write. */
  readOffer(call: OfferCall): Promise<ReadAnswer>;
}

/** A resource or a prompt of a server, asked for by a step. */
export interface OfferCall {
  readonly step: StepKey;
  readonly server: string;
  readonly offer:
    | { readonly kind: "resource"; readonly uri: string }
    | { readonly kind: "prompt"; readonly name: string; readonly args: { readonly [name: string]: string } };
}

export interface ReadCall {
  readonly step: StepKey;
  readonly server: string;
  readonly tool: string;
  readonly args: Data;
}

export type ReadAnswer =
  | { readonly kind: "value"; readonly value: Data; /** The profile's `gone` holds. */ readonly gone: boolean }
  /** Catchable. `gone` when the profile says that the error means absence. */
  | { readonly kind: "error"; readonly error: ErrorData; readonly gone: boolean };

/** Models that are asked: never given tools. */
export interface Models {
  /** Errors are answers, and may be caught; rejects when there is no such model at all (MODEL_MISSING). */
  ask(question: Question): Promise<ReadAnswer>;
}

/** The owner's own code, `workflows/own/`: only Node knows what it does. */
export interface OwnCode {
  /** What it throws is an answer, and may be caught; rejects where nothing is executed (OWN_CODE). */
  call(call: OwnCall): Promise<ReadAnswer>;
}

/** One call of it. */
export interface OwnCall {
  readonly step: StepKey;
  /** `slug` for `./own/slug.ts`. */
  readonly module: string;
  /** The function, as the module exports it. */
  readonly name: string;
  readonly args: readonly (Data | undefined)[];
}

/** One question to a model. */
export interface Question {
  readonly step: StepKey;
  readonly prompt: string;
  /** The JSON Schema of the answer. */
  readonly schema: JsonObject;
  readonly maxTokens: number;
  /** `provider/model`; null for the project's. */
  readonly model: string | null;
}

/** Writes, and what the store knows of identities. Each method is one unit: on a distributed engine, one activity. */
export interface Effects {
  /** What the ledger has under an identity. */
  entry(identity: EffectIdentity): Promise<LedgerEntry | null>;
  /** The window of `once … for:` under which a run that this one continues wrote at this step, or may have; null: none did. */
  earlierWindow(identity: OnceIdentity, step: StepKey): Promise<number | null>;
  /** What the store knows of a record's identity: its binding and the effect on it that is not yet in the binding. */
  record(key: RecordKey, server: string): Promise<RecordView>;
  /** The only write path. */
  perform(request: EffectRequest): Promise<EffectAnswer>;
  /** Settles an ambiguous or interrupted effect by what was found; returns the entry as it is then. */
  settle(effect: EffectId, evidence: Evidence): Promise<LedgerEntry>;
  /** Keeps the value of the function around a `once` write (encoded), after the write is done. */
  complete(effect: EffectId, completion: string): Promise<void>;
  /** Stores what a done effect means for its binding, or that the binding was visited and is as it should be. */
  bind(change: BindingChange): Promise<Binding>;
  /** Live and released bindings of a record in a scope, or of all records. */
  bindings(scope: string, record: string | null): Promise<readonly Binding[]>;
}

/** Durable values of the workflow. */
export interface States {
  /** The committed value of a workflow's state and its version (0: never set). `scope` is the workflow's. */
  get(scope: string, name: string, key: string): Promise<{ readonly value: Data | undefined; readonly version: number }>;
}

/** A `set` that commits when the run ends well. */
export interface StagedState {
  /** Of a called workflow; absent for the run's own. */
  readonly scope?: string;
  readonly name: string;
  readonly key: string;
  readonly value: Data;
  /** The version that the run read; another one at commit is STATE_CONFLICT. */
  readonly version: number;
}

/**
 * What parks a run. Each method asks whether a step that waits may go on; the first time it is asked it remembers, durably,
 * that the step waits, and since when. Asked again it answers by that, whatever process asks.
 */
export interface Waits {
  sleep(request: SleepRequest): Promise<WaitAnswer<null>>;
  /** A person's answer, to this step or to an earlier one with the same topic that was asked the same; null: none came in time, `at` is when that was. */
  approve(request: ApproveRequest): Promise<WaitAnswer<ApprovalAnswer | { readonly verdict: null; readonly at: number }>>;
  /**
   * The first event that the step was offered after `seen`, in the order in which they came; null: its time is over, and there
   * is none. What was offered before that is looked at, however late. What came up to `seen` is forgotten.
   */
  event(request: EventRequest, seen: number): Promise<WaitAnswer<SeenEvent | null>>;
}

interface WaitRequest {
  readonly step: StepKey;
  /** Of what is asked for: the same step with another one waits anew. */
  readonly hash: string;
  /** One line for people. */
  readonly label: string;
}

export interface SleepRequest extends WaitRequest {
  /** `poll`: until it looks again. */
  readonly kind: "sleep" | "poll";
  /** How long from when the step is first reached, or until which instant; in ms. */
  readonly end: { readonly afterMs: number } | { readonly at: number };
}

export interface ApproveRequest extends WaitRequest, Pick<ApprovalQuestion, "topic" | "message" | "show" | "by"> {
  /** null: for ever. */
  readonly withinMs: number | null;
}

export interface EventRequest extends WaitRequest {
  readonly source: EventSource;
  readonly topic: string;
  /** null: for ever. */
  readonly withinMs: number | null;
}

/** An event that a step looks at. `place` grows with each that it is offered. */
export interface SeenEvent {
  readonly place: number;
  readonly event: Data;
}

/** `open`: not yet; the strand ends, and is run again when something came. */
export type WaitAnswer<T> = { readonly kind: "over"; readonly value: T } | { readonly kind: "open"; readonly wait: RunWait };

/** What the engine is told of the run. */
export interface RunFrame {
  readonly runId: string;
  readonly rootRunId: string;
  readonly scope: string;
  /** The scopes of the workflows that it calls, by their names. */
  readonly scopes: { readonly [workflow: string]: string };
  readonly phase: RunPhase;
  readonly startedAt: number;
  readonly inputs: Data;
  readonly event: RunEvent;
  /** What it covers as a sweep; null where it is none. */
  readonly sweep: Pick<Sweep, "workflows" | "inputsHash"> | null;
}
