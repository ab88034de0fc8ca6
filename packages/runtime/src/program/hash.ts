import { hashJson, type Json, type JsonObject } from "../base/index.ts";
import type { ProfileProgram } from "./profile-program.ts";
import type { Program } from "./program.ts";

/**
 * The address of a Program: SHA-256 (hex) of its canonical JSON without `debug` and without any `at`. Comments, layout and
 * the names of locals do not change it; everything a run depends on does, the workflows that it calls and starts too.
 */
export function hashProgram(program: Program): string {
  const known = hashes.get(program);
  if (known !== undefined) return known;
  const hash = hashOf(program);
  hashes.set(program, hash);
  return hash;
}

/** Programs do not change, and each run of one asks for its address. */
const hashes = new WeakMap<Program, string>();

function hashOf(program: Program): string {
  const { debug: _debug, inputs, inputSchemas, states, calls, starts, ...rest } = program;
  const parts: JsonObject = {
    ...(strip(rest as unknown as Json) as JsonObject),
    inputs,
    // A property may be called `at`.
    ...(inputSchemas === undefined ? {} : { inputSchemas }),
    states: states.map(({ name, initial }) => ({ name, initial })),
    ...(calls === undefined ? {} : { calls: calls.map(hashProgram) }),
    ...(starts === undefined ? {} : { starts: starts.map(hashProgram) }),
  };
  return hashJson(parts);
}

/** The address of a lowered profile, made as {@link hashProgram} is. */
export function hashProfile(profile: ProfileProgram): string {
  const { debug: _debug, rules, names, ...rest } = profile;
  const parts: JsonObject = {
    ...(strip(rest as unknown as Json) as JsonObject),
    rules: Object.entries(rules).map(([tool, list]) => [tool, strip(list as unknown as Json)]),
    names: Object.entries(names).map(([type, name]) => [type, name]),
  };
  return hashJson(parts);
}

/**
 * When rules of a profile hold, in order: the same for one that only has them elsewhere in its text. What they name outside themselves is part of it: all of that, where they name any, so that
 * a list of names which a condition looks into is not changed unnoticed.
 */
export function hashConditions({ globals }: Pick<ProfileProgram, "globals">, rules: ProfileProgram["rules"][string]): string {
  const conditions = rules.map(({ when }) => (when === undefined ? null : strip(when as unknown as Json)));
  return hashJson([conditions, JSON.stringify(conditions).includes('"kind":"global"') ? strip(globals as unknown as Json) : null]);
}

/** A copy without `at`; the value of a constant is data, whatever its fields are called. */
function strip(node: Json): Json {
  if (Array.isArray(node)) return node.map(strip);
  if (node === null || typeof node !== "object") return node;
  const fields = Object.entries(node as JsonObject);
  if (fields.some(([name, value]) => name === "kind" && value === "const")) return Object.fromEntries(fields.filter(([name]) => name !== "at"));
  return Object.fromEntries(fields.filter(([name, value]) => name !== "at" && value !== undefined).map(([name, value]) => [name, strip(value)]));
}
