import { hashJson, type JsonObject, UnsafeInteger } from "../../base/index.ts";
import type { CallClass, StepKey } from "../../model/index.ts";
import { typeError, unsafeInteger } from "../failure.ts";
import { article } from "../kinds.ts";
import { type Strand, SURE } from "../strand.ts";
import { derive, unknownOf, unknownOfMode } from "../unknown.ts";
import type { Unknown, Value } from "../value.ts";
import { answered, valueOf } from "./calls.ts";

/** What `ask` is told, evaluated. */
export interface AskOptions {
  readonly prompt: Value;
  readonly schema: Value;
  readonly maxTokens: Value;
  readonly model: Value;
}

/** What a model says of the world proves nothing about it. */
const OPINION: CallClass = { effect: "read", idempotent: false, consistent: false, lagMs: null, affects: [], undo: null };

/** One model answer: a read, asked once for its step, also while planning. What is not known is not asked. */
export async function ask(c: Strand, step: StepKey, options: AskOptions): Promise<Value> {
  const unknown = unanswerable(c, options);
  if (unknown !== null) {
    c.run.ports.checkpoint("other");
    return derive(c, unknown);
  }
  const question = {
    step,
    prompt: textOf(options.prompt, "The prompt of ask"),
    schema: options.schema as JsonObject,
    maxTokens: budgetOf(options.maxTokens),
    model: options.model === undefined ? null : textOf(options.model, "The model of ask"),
  };
  const { prompt, schema, maxTokens, model } = question;
  return valueOf(c, await answered(c, step, OPINION, hashJson(["ask", prompt, schema, maxTokens, model]), () => c.run.ports.models.ask(question)), step);
}

function unanswerable(c: Strand, { prompt, maxTokens, model }: AskOptions): Unknown | null {
  if (c.mode !== SURE) return unknownOfMode(c.mode);
  return unknownOf(c, prompt) ?? unknownOf(c, maxTokens) ?? unknownOf(c, model);
}

function textOf(value: Value, what: string): string {
  if (value instanceof UnsafeInteger) throw unsafeInteger(what);
  if (typeof value !== "string") throw typeError(`${what} must be a string, not ${article(value)}.`);
  return value;
}

function budgetOf(value: Value): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value > 0) return value;
  throw typeError(`maxTokens of ask must be a whole number from 1, not ${typeof value === "number" ? value : article(value)}.`);
}
