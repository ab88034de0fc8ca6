import type { Data } from "../base/index.ts";
import type { AnswerWay } from "./approvers.ts";
import type { StepKey } from "./identity.ts";

/** What a parked run waits for, as it is told. Instants are milliseconds since the epoch. */
export interface RunWait {
  /** Unique in the store. */
  readonly id: string;
  readonly kind: Wait["kind"];
  readonly step: StepKey;
  /** One line for people. */
  readonly label: string;
  readonly since: number;
  /** When it is over by itself; null: never. */
  readonly until: number | null;
}

/** `open`: nothing is there yet. `ready`: its run has to look at what came. `over`: its run went on. */
export type WaitStatus = "open" | "ready" | "over";

interface WaitBase extends Omit<RunWait, "kind"> {
  readonly runId: string;
  readonly rootRunId: string;
  readonly workflow: string;
  /** Hash of what was asked for: the same step with another one asks anew. */
  readonly hash: string;
  readonly status: WaitStatus;
}

/**
 * One step of a run that waits: a row of the store, and the truth about what was answered and when it was over. It is there
 * before the run is parked, and whoever goes on with the run after a crash finds it as it is.
 */
export type Wait = WaitBase & ({ readonly kind: "sleep" } | { readonly kind: "poll" } | ApprovalQuestion | EventWait);

/** What a person is asked by a workflow itself. */
export interface ApprovalQuestion {
  readonly kind: "approval";
  /** Hash of the place in the workflow, its inputs and its loop keys: an answer to what was asked there last holds while the question is the same. */
  readonly topic: string;
  readonly message: string;
  /** What the person is shown beside the message; null: nothing. */
  readonly show: Data | null;
  /** Who may answer; null: anybody. */
  readonly by: readonly string[] | null;
  /** null when `over`: nobody answered in time. */
  readonly answer: ApprovalAnswer | null;
  /** The message that tells people of it; absent: none was made yet. */
  readonly notice?: string;
}

/** A person's answer. `at` in milliseconds since the epoch; `why`: what the person said to it, absent when nothing. */
export interface ApprovalAnswer {
  readonly verdict: "approved" | "denied";
  readonly by: string;
  readonly why?: string;
  readonly at: number;
  /** By which way it came; absent in answers that were kept before this was. */
  readonly way?: AnswerWay;
}

/** Whose events a step waits for; a Program's `EventTrigger` is one. */
export type EventSource =
  | { readonly kind: "webhook"; readonly source: string }
  | { readonly kind: "queue"; readonly name: string }
  | { readonly kind: "resource"; readonly server: string; readonly uri: string };

/** A step that waits for an event. `ready`: it was offered one that it has not looked at yet; what it was offered is kept beside it. */
export interface EventWait {
  readonly kind: "event";
  /** The source in one text, `webhook:github`. */
  readonly topic: string;
  readonly source: EventSource;
}
