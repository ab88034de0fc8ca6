import { type Data, deepFreeze, isOffstageError, parseExact, type Redactor, shorten } from "../base/index.ts";
import { conformanceFaults, schemaFault } from "../schemas/index.ts";
import type { ModelAnswer, ModelQuestion, Said } from "./question.ts";

/** As much of an answer as a message shows. UTF-16 units. */
const SHOWN = 200;

/** The most faults that a message names. */
const MAX_FAULTS = 3;

/** What a model said as a value: redacted, exact, under its schema; else an error that shows what was said. */
export function readAnswer({ text, cut }: Said, { what, question, redactor }: { readonly what: string; readonly question: ModelQuestion; readonly redactor: Redactor }): ModelAnswer {
  const said = redactor.redact(text);
  const failed = (problem: string): ModelAnswer => ({ kind: "error", error: { code: "MODEL_FAILED", message: `${what} ${problem}`, hint: "Say in the prompt what is wanted, or ask a model that keeps to schemas." }, gone: false });
  if (cut) return failed(`was cut off after ${question.maxTokens} tokens: ${shorten(said, SHOWN)}`);
  let value: Data;
  try {
    value = redactor.redactData(parseExact(said));
  } catch (error) {
    if (!isOffstageError(error)) throw error;
    return failed(`answered with something that is no JSON: ${shorten(said, SHOWN)}`);
  }
  const faults = schemaFaults(question, value);
  if (faults.length > 0) return failed(`gave an answer that breaks its schema: ${faults.slice(0, MAX_FAULTS).join("; ")}: ${shorten(said, SHOWN)}`);
  return { kind: "value", value: deepFreeze(value), gone: false };
}

function schemaFaults({ schema }: ModelQuestion, value: Data): readonly string[] {
  const fault = schemaFault(schema);
  return fault === null ? conformanceFaults(schema, value) : [`the schema itself is none: ${fault}`];
}
