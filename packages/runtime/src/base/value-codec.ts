import { deepFreeze } from "./deep-freeze.ts";
import { isOffstageError, OffstageError } from "./errors.ts";
import { UnsafeInteger } from "./json.ts";

/** Deeper than any value of a program (256) with what the engine wraps around it; also what ends a cycle. */
const MAX_CODEC_DEPTH = 1024;

/**
 * The one member of an object that stands for something else: `{"$": [tag, …]}`. An object that has a member of that name
 * itself is written as `{"$": ["object", key, value, …]}`, so that no data is ever mistaken for a tag.
 */
const TAG = "$";

/**
 * Writes a value of a running program so that {@link decodeValue} gives back exactly the same: JSON, and `undefined` (as a
 * member too), maps, sets, NaN, -0, infinities, poisoned integers, lone surrogates, members of any name. Not the sharing of
 * one object between two places. Plain JSON is written as such.
 *
 * Errors: `VALUE_INVALID` for functions, symbols, bigints and class instances; `VALUE_TOO_DEEP` past 1,024 levels.
 */
export function encodeValue(value: unknown): string {
  return JSON.stringify(isPlain(value, 0) ? value : encode(value));
}

/** Reads what {@link encodeValue} wrote; the result is frozen all the way down. `VALUE_INVALID` for anything else. */
export function decodeValue(text: string): unknown {
  let json: unknown;
  try {
    json = JSON.parse(text);
    return deepFreeze(text.includes('"$"') ? decode(json) : json);
  } catch (error) {
    if (isOffstageError(error)) throw error;
    throw new OffstageError("VALUE_INVALID", `A stored value cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** True when `JSON.stringify` alone is exact. Refuses what no text is exact for. */
function isPlain(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case "string":
    case "boolean":
      return true;
    case "number":
      return Number.isFinite(value) && !Object.is(value, -0);
    case "undefined":
      return false;
    case "object":
      return value === null || isPlainObject(value, depth);
    case "function":
    case "symbol":
    case "bigint":
      throw new OffstageError("VALUE_INVALID", `A value of type ${typeof value} cannot be stored.`);
  }
}

function isPlainObject(value: object, depth: number): boolean {
  if (depth >= MAX_CODEC_DEPTH) throw new OffstageError("VALUE_TOO_DEEP", `A value that is to be stored nests more than ${MAX_CODEC_DEPTH} levels.`);
  // No early end: the whole value has to be looked at for what cannot be stored.
  let plain = true;
  if (Array.isArray(value)) {
    for (const item of value) plain = isPlain(item, depth + 1) && plain;
    return plain;
  }
  if (value instanceof UnsafeInteger) return false;
  if (value instanceof Map || value instanceof Set) {
    for (const [key, item] of value.entries()) {
      isPlain(key, depth + 1);
      isPlain(item, depth + 1);
    }
    return false;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new OffstageError("VALUE_INVALID", `A ${value.constructor?.name ?? "class instance"} cannot be stored.`);
  for (const key of Object.keys(value)) plain = isPlain((value as { readonly [key: string]: unknown })[key], depth + 1) && key !== TAG && plain;
  return plain;
}

function encode(value: unknown): unknown {
  if (value === undefined) return tagged("undefined");
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0) ? value : tagged("number", Object.is(value, -0) ? "-0" : String(value));
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Array.from(value, encode);
  if (value instanceof UnsafeInteger) return tagged("integer", value.digits);
  if (value instanceof Map) return tagged("map", ...[...value].flat(1).map(encode));
  if (value instanceof Set) return tagged("set", ...[...value].map(encode));
  const entries = Object.entries(value);
  if (Object.hasOwn(value, TAG)) return tagged("object", ...entries.flatMap(([key, item]) => [key, encode(item)]));
  return Object.fromEntries(entries.map(([key, item]) => [key, encode(item)]));
}

function tagged(tag: string, ...parts: unknown[]): object {
  return { [TAG]: [tag, ...parts] };
}

function decode(json: unknown): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(decode);
  if (Object.hasOwn(json, TAG)) return untag((json as { readonly [TAG]: unknown })[TAG]);
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, decode(item)]));
}

function untag(content: unknown): unknown {
  const [tag, ...parts] = Array.isArray(content) ? (content as unknown[]) : [];
  switch (tag) {
    case "undefined":
      return undefined;
    case "number":
      return Number(parts[0]);
    case "integer":
      return new UnsafeInteger(parts[0] as string | null);
    case "map":
      return new Map(pairs(parts));
    case "set":
      return new Set(parts.map(decode));
    case "object":
      return Object.fromEntries(pairs(parts) as [string, unknown][]);
    default:
      throw new OffstageError("VALUE_INVALID", `A stored value has the unknown tag ${JSON.stringify(tag)}.`);
  }
}

function pairs(parts: readonly unknown[]): [unknown, unknown][] {
  const found: [unknown, unknown][] = [];
  for (let index = 0; index < parts.length; index += 2) found.push([decode(parts[index]), decode(parts[index + 1])]);
  return found;
}
