import { type Json, type JsonObject, OffstageError } from "offstage/base";

/** Gathers a repeated `--input`; given to commander. */
export function collectInput(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** `name=value` pairs over a workflow's defaults. Errors: `USAGE` for a name that the workflow does not have, or a value of another type. */
export function parseInputs(given: readonly string[], defaults: JsonObject): JsonObject {
  return Object.fromEntries(given.map((pair) => parseInput(pair, defaults)));
}

function parseInput(pair: string, defaults: JsonObject): readonly [string, Json] {
  const at = pair.indexOf("=");
  const name = pair.slice(0, Math.max(at, 0));
  if (at < 1) throw new OffstageError("USAGE", `--input ${pair} has no "=".`, { hint: "Write --input name=value." });
  if (!Object.hasOwn(defaults, name)) {
    throw new OffstageError("USAGE", `The workflow has no input called ${name}.`, { hint: `It has: ${Object.keys(defaults).join(", ") || "none"}.` });
  }
  const value = valueOf(pair.slice(at + 1), defaults[name]);
  if (kindOf(value) !== kindOf(defaults[name])) {
    throw new OffstageError("USAGE", `The input ${name} is a ${kindOf(defaults[name])}, not a ${kindOf(value)}.`, { hint: `Its default is ${JSON.stringify(defaults[name])}.` });
  }
  return [name, value];
}

function valueOf(text: string, fallback: Json | undefined): Json {
  if (typeof fallback === "string") return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function kindOf(value: Json | undefined): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "list" : typeof value;
}
