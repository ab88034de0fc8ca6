import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { OffstageError } from "./errors.ts";
import { MAX_JSON_DEPTH } from "./exact-json.ts";
import { unsafeInteger, UnsafeInteger } from "./json.ts";

/**
 * The one text of a JSON value (RFC 8785): members sorted by UTF-16 code units, numbers as ECMAScript writes them, `-0` as
 * `0`. Equal values have equal texts, in every implementation of the RFC. Members that are `undefined` are left out.
 *
 * Takes `unknown` because what is hashed are often interfaces; what JSON cannot carry is refused: `UNSAFE_INTEGER` for a
 * poisoned integer; `VALUE_INVALID` for NaN, infinities, lone surrogates, `undefined` outside a member, and anything but
 * plain objects and arrays; `VALUE_TOO_DEEP` past 256 levels or in a cycle.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

/** SHA-256 (lower-case hex) of {@link canonicalJson}: equal values have equal hashes. */
export function hashJson(value: unknown): string {
  return hashText(canonicalJson(value));
}

/** SHA-256 (lower-case hex) of the text's UTF-8. Lone surrogates count as U+FFFD. */
export function hashText(text: string): string {
  return bytesToHex(sha256(encoder.encode(text)));
}

const encoder = new TextEncoder();

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return writeString(value);
    case "number":
      if (!Number.isFinite(value)) throw new OffstageError("VALUE_INVALID", `JSON cannot carry the number ${value}.`);
      return JSON.stringify(value);
    case "boolean":
      return value ? "true" : "false";
    case "object":
      if (value === null) return "null";
      if (depth >= MAX_JSON_DEPTH) throw new OffstageError("VALUE_TOO_DEEP", `The value nests more than ${MAX_JSON_DEPTH} levels.`);
      return Array.isArray(value) ? writeArray(value, depth) : writeObject(value, depth);
    case "undefined":
    case "function":
    case "symbol":
    case "bigint":
      throw new OffstageError("VALUE_INVALID", `JSON cannot carry a value of type ${typeof value}.`);
  }
}

function writeArray(items: readonly unknown[], depth: number): string {
  let text = "[";
  for (let index = 0; index < items.length; index++) text += (index === 0 ? "" : ",") + write(items[index], depth + 1);
  return `${text}]`;
}

function writeObject(object: object, depth: number): string {
  if (object instanceof UnsafeInteger) throw unsafeInteger(object);
  const prototype: unknown = Object.getPrototypeOf(object);
  if (prototype !== null && prototype !== Object.prototype) {
    throw new OffstageError("VALUE_INVALID", `JSON cannot carry a ${object.constructor?.name ?? "class instance"}.`);
  }
  const members = object as { readonly [key: string]: unknown };
  let text = "{";
  // The default sort compares UTF-16 code units, which is the order that RFC 8785 asks for.
  for (const key of Object.keys(members).sort()) {
    const member = members[key];
    if (member === undefined) continue;
    text += `${text.length === 1 ? "" : ","}${writeString(key)}:${write(member, depth + 1)}`;
  }
  return `${text}}`;
}

function writeString(text: string): string {
  if (!text.isWellFormed()) throw new OffstageError("VALUE_INVALID", "A text holds half of a surrogate pair, which JSON's canonical form cannot carry.");
  return JSON.stringify(text);
}
