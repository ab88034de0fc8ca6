import type { z } from "zod";
import type { Data } from "../base/index.ts";
import type { Told } from "./desk.ts";
import type { Session } from "./session.ts";
import { cutText, marked } from "./strangers-words.ts";

/** What a call of a session's tool comes to. */
export type Reply = Answer | Question;

/** What a model is answered. */
export interface Answer {
  readonly kind: "answer";
  readonly text: string;
  /** False: it did not come about, and the text says why. */
  readonly ok: boolean;
  /** For a view of it. */
  readonly data?: Data;
  /** Names what a person may say yes to in its view; absent where there is nothing. */
  readonly about?: string;
}

/** What only a person can say: it is asked through the client, never of the model. */
export interface Question {
  readonly kind: "question";
  /** Names exactly what is shown: a yes to something else is none. */
  readonly about: string;
  /** What the person reads, whole. */
  readonly text: string;
  /** What they say yes to, in a few words. */
  readonly yes: string;
  /** How they can say it where this client cannot ask them. */
  readonly elsewhere: string;
}

/** What came with a call besides its arguments. */
export interface CallContext {
  readonly signal: AbortSignal;
  /** What a person said to a question before: about what, and whether yes. null while nobody was asked. */
  readonly said: { readonly about: string; readonly yes: boolean } | null;
  /** Whether a view that was shown exactly this has handed over what it was given with it. */
  readonly permits: (about: string, permit: string) => boolean;
}

/** A tool that a model sees. */
export interface StudioTool {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodObject;
  /** It changes nothing, not even a draft. */
  readonly readOnly: boolean;
  /** It only adds: to drafts, to what was learnt, to files that can be had back. Clients ask their people more about what may destroy. */
  readonly adds?: true;
  /** The page that shows its answers, where a client has views; or that it is called by such a page alone. */
  readonly view?: { readonly page: string } | { readonly onlyFor: "view" };
  run(session: Session, args: unknown, context: CallContext): Promise<Reply>;
}

/** A tool whose arguments have the types of its schema: the MCP server has checked them against it. */
export function studioTool<Input extends z.ZodObject>(tool: Omit<StudioTool, "run" | "input"> & { readonly input: Input; run(session: Session, args: z.output<Input>, context: CallContext): Promise<Reply> }): StudioTool {
  return { ...tool, run: (session, args, context) => tool.run(session, args as z.output<Input>, context) };
}

/** An answer in our own words; cut like any other, since it may name what the model named. */
export function answer(text: string, ok = true): Answer {
  return { kind: "answer", text: cutText(text), ok };
}

/** What the desk told, marked as what strangers may have a part in; `next` is ours. */
export function toldAnswer(session: Session, told: Told, next = ""): Answer {
  const text = [told.text, told.notes].filter((part) => part !== "").join("\n\n");
  return { kind: "answer", text: `${text === "" ? "" : marked(text, session.nonce())}${next === "" ? "" : `\n${next}`}`.trim(), ok: told.ok, data: told.data };
}
