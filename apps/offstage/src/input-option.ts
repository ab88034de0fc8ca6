import { type Data, isOffstageError, type Json, type JsonObject, OffstageError, parseExact, UnsafeInteger } from "offstage/base";
import { type InputSpec, inputNames } from "offstage/program";

/** What the option is told to be, in help texts. */
export const INPUT_HELP = "an input other than the workflow's default: a text as it stands, anything else as JSON (labels='[\"a\"]')";

/** Gathers a repeated `--input`; given to commander. */
export function collectInput(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/**
 * `name=value` pairs as inputs. Where the workflow wants a text, the value is one as it stands; else it is JSON, and a text where it is
 * none. Whether the workflow allows it is looked at when the run is asked for. Errors: `USAGE`.
 */
export function parseInputs(given: readonly string[], spec: InputSpec): JsonObject {
  return Object.fromEntries(given.map((pair) => parseInput(pair, spec)));
}

function parseInput(pair: string, spec: InputSpec): readonly [string, Json] {
  const at = pair.indexOf("=");
  const name = pair.slice(0, Math.max(at, 0));
  if (at < 1) throw new OffstageError("USAGE", `--input ${pair} has no "=".`, { hint: "Write --input name=value." });
  const names = inputNames(spec);
  if (!names.includes(name)) {
    throw new OffstageError("USAGE", `The workflow has no input called ${name}.`, { hint: `It has: ${names.join(", ") || "none"}.` });
  }
  const text = pair.slice(at + 1);
  return [name, wantsText(spec, name) ? text : valueOf(name, text)];
}

function wantsText({ inputs, inputSchemas = {} }: InputSpec, name: string): boolean {
  return Object.hasOwn(inputSchemas, name) ? inputSchemas[name]?.["type"] === "string" : typeof inputs[name] === "string";
}

function valueOf(name: string, text: string): Json {
  try {
    const value = parseExact(text);
    if (!holdsLongInteger(value)) return value as Json;
  } catch (error) {
    if (isOffstageError(error) && error.code === "VALUE_INVALID") return text;
    throw error;
  }
  throw new OffstageError("USAGE", `The input ${name} holds an integer beyond 2^53-1.`, { hint: "It would be rounded. Let the workflow take it as a text." });
}

/** Whether an integer beyond 2^53-1 stands in a value: as an input it would be rounded. */
export function holdsLongInteger(value: Data): boolean {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof UnsafeInteger || Object.values(value).some(holdsLongInteger);
}
