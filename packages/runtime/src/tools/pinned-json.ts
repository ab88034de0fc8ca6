import { type Data, hashJson, type Json, UnsafeInteger } from "../base/index.ts";
import { jsonText } from "./visible-text.ts";

/**
 * SHA-256 (hex) of everything that a server said in `data`, whatever it said: two values that differ anywhere have two
 * hashes, members in another order the same. What RFC 8785 cannot carry (integers beyond 2^53-1, halves of surrogate
 * pairs) is written as a tagged object first, so that a schema with `"maximum": 18446744073709551615` can be pinned.
 */
export function hashData(data: Data): string {
  return hashJson(carriable(data));
}

function carriable(data: Data): Json {
  if (typeof data === "string") return data.isWellFormed() ? data : { "offstage:units": units(data) };
  const digits = largeDigits(data);
  if (digits !== undefined) return { "offstage:integer": digits };
  if (typeof data !== "object" || data === null || data instanceof UnsafeInteger) return data as Json;
  if (isList(data)) return data.map(carriable);
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key.isWellFormed() ? key : `offstage:units:${units(key)}`, carriable(value)]));
}

/** The digits of an integer beyond 2^53-1, however it came (`1e16` is one too); null when a library had rounded it. */
function largeDigits(data: Data): string | null | undefined {
  if (data instanceof UnsafeInteger) return data.digits;
  return typeof data === "number" && Number.isInteger(data) && !Number.isSafeInteger(data) ? BigInt(data).toString() : undefined;
}

function units(text: string): string {
  return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index).toString(16)).join(" ");
}

/**
 * The text of `data` in a file that people review: two spaces, members sorted, arrays as they are, a final newline. The
 * same value always gives the same bytes, and reading them gives a value with the same {@link hashData}. What hides in a
 * text, or turns it around, is spelt out.
 */
export function printSorted(data: Data): string {
  return `${print(data, "")}\n`;
}

function print(data: Data, indent: string): string {
  const digits = largeDigits(data);
  if (digits !== undefined) return digits ?? '{ "offstage:integer": null }';
  if (typeof data === "string") return jsonText(data);
  if (typeof data !== "object" || data === null || data instanceof UnsafeInteger) return JSON.stringify(data);
  const inner = `${indent}  `;
  if (isList(data)) {
    return data.length === 0 ? "[]" : `[\n${data.map((item) => inner + print(item, inner)).join(",\n")}\n${indent}]`;
  }
  const members = Object.keys(data).sort().map((key) => `${inner}${jsonText(key)}: ${print(data[key] ?? null, inner)}`);
  return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`;
}

/** `Array.isArray` for read-only arrays. */
export function isList(data: Data | undefined): data is readonly Data[] {
  return Array.isArray(data);
}
