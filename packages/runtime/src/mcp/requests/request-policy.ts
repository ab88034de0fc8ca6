import type { Data } from "../../base/index.ts";

/**
 * What a server may ask of us, and who answers: nobody sits here. Only what the policy can serve is announced, for a server may
 * choose its tools by it.
 */
export interface RequestPolicy {
  readonly elicitation: ElicitationPolicy;
  /** Null: not announced, and refused. */
  readonly sampling: SamplingPolicy | null;
  /** `file:` URLs; none are announced when empty, so that a server keeps to the folders of its own arguments. */
  readonly roots: readonly string[];
}

/** How a server's question to a person is answered. */
export type ElicitationPolicy =
  /** Not announced: a server knows that it cannot ask. */
  | { readonly kind: "none" }
  | { readonly kind: "decline" }
  /** Forms are filled in from these, by the names of their fields, and from the defaults of the form; URLs are declined. */
  | { readonly kind: "answer"; readonly fields: { readonly [name: string]: Data } }
  /** The call stays open until somebody answers, or its time is over: so nothing is sent twice, and no answer is taken for another call. */
  | { readonly kind: "ask"; readonly ask: AskPerson };

/** What a server wants to know from a person, as it came: whoever keeps or shows it takes secrets and control characters out. */
export interface PersonQuestion {
  readonly message: string;
  /** A page to open; null for a form. */
  readonly url: string | null;
  /** The form's `requestedSchema`; null for a page. */
  readonly schema: Data;
}

/** `accepted`: the page was opened, or the form is filled in with these. */
export type PersonAnswer = { readonly kind: "accepted"; readonly fields: { readonly [name: string]: Data } } | { readonly kind: "declined" };

/** Asks a person, and waits until `signal` is aborted; null when nobody answered by then. Does not reject. */
export type AskPerson = (question: PersonQuestion, signal: AbortSignal) => Promise<PersonAnswer | null>;

/** Under which limits a server may have our model asked. */
export interface SamplingPolicy {
  /** Of one answer, whatever the server wants. */
  readonly maxTokens: number;
  /** Answers in an hour. */
  readonly perHour: number;
  readonly ask: SamplingModel;
}

/** What a server wants to have asked: redacted, texts only. */
export interface SamplingQuestion {
  readonly system: string | null;
  readonly messages: readonly { readonly role: "user" | "assistant"; readonly text: string }[];
  readonly maxTokens: number;
}

/** The model's words; `cut` when they reached `maxTokens`. */
export interface SamplingAnswer {
  readonly text: string;
  readonly model: string;
  readonly cut: boolean;
}

/** Asks the project's model once. Rejects with an `OffstageError`. */
export type SamplingModel = (question: SamplingQuestion, signal: AbortSignal) => Promise<SamplingAnswer>;

/** Where nothing is said: questions are declined, models not asked, folders not told. */
export const DECLINE_ALL: RequestPolicy = { elicitation: { kind: "decline" }, sampling: null, roots: [] };
