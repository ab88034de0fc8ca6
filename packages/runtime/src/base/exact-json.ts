import { isOffstageError, OffstageError } from "./errors.ts";
import { type Data, RawJson, UnsafeInteger } from "./json.ts";

/** How deep JSON from outside may nest; deeper is `VALUE_TOO_DEEP`. Keeps every recursive walk over data from overflowing. */
export const MAX_JSON_DEPTH = 256;

/**
 * Only such texts can hold a number that `JSON.parse` would round to another integer, or to infinity. A run of digits
 * counts where a number can begin, so that fractions and most hashes in strings do not cost the slow path.
 */
const MAY_HOLD_INEXACT = /(?:^|[\s:,[-])\d{16}|\d[eE]\+?\d{3}/;
const INTEGER_LITERAL = /^(-?\d+)(?:\.0+)?$/;

/**
 * Reads JSON without rounding: integers beyond 2^53-1 become {@link UnsafeInteger}s with their digits. Fields of any name
 * (`__proto__` too) become own properties. Numbers in exponent notation are doubles, as their writer meant them.
 *
 * Errors: `VALUE_TOO_DEEP` beyond {@link MAX_JSON_DEPTH} levels; `VALUE_INVALID` for what is not JSON (the message quotes none of it),
 * or a number beyond every double (`1e400`).
 */
export function parseExact(text: string): Data {
  refuseDeepText(text);
  try {
    if (!MAY_HOLD_INEXACT.test(text)) return JSON.parse(text) as Data;
    return RawJson.parse(text, exactNumber) as Data;
  } catch (error) {
    if (isOffstageError(error)) throw error;
    throw new OffstageError("VALUE_INVALID", `This is not JSON: ${whyNotJson(error as Error)}.`);
  }
}

/**
 * Writes JSON; {@link UnsafeInteger}s as the digits they came with. Members that are `undefined` are left out, `-0` is
 * `0`. `space` indents for people. To keep a value exactly as it is, use `encodeValue`.
 *
 * Errors: `UNSAFE_INTEGER` when a library had rounded the integer already; `VALUE_INVALID` for what JSON has no text for
 * (a function, `undefined`, a cycle); `VALUE_TOO_DEEP`.
 */
export function stringifyExact(value: unknown, space = 0): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, null, space);
  } catch (error) {
    if (isOffstageError(error)) throw error;
    const code = error instanceof RangeError ? "VALUE_TOO_DEEP" : "VALUE_INVALID";
    throw new OffstageError(code, `The value cannot be written as JSON: ${(error as Error).message}`, { cause: error });
  }
  if (text === undefined) throw new OffstageError("VALUE_INVALID", `JSON has no text for a value of type ${typeof value}.`);
  return text;
}

/** What `JSON.parse` says of a text that is none, as it can be told: V8 quotes a piece of it, which may be half of a secret, and no redactor knows halves. */
export function whyNotJson({ message }: Error): string {
  return message.replace(/ in JSON(?= at position )/, "").replace(/, (?:\.\.\.)?".*$/s, "");
}

function exactNumber(this: unknown, _key: string, value: unknown, context: { readonly source?: string }): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  const digits = INTEGER_LITERAL.exec(context.source ?? "")?.[1];
  if (digits !== undefined && (Number.isInteger(value) || !Number.isFinite(value))) return new UnsafeInteger(digits);
  if (!Number.isFinite(value)) throw new OffstageError("VALUE_INVALID", `The number ${context.source} is too large to be read.`);
  return value;
}

/** Counts brackets outside strings before anything recursive sees the text. */
function refuseDeepText(text: string): void {
  // Every level needs an opening and a closing bracket.
  if (text.length <= 2 * MAX_JSON_DEPTH) return;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > MAX_JSON_DEPTH) throw new OffstageError("VALUE_TOO_DEEP", `The JSON nests more than ${MAX_JSON_DEPTH} levels (at offset ${at}).`);
    } else if (code === 0x5d || code === 0x7d) depth--;
  }
}

/** Offset of the quote that closes the string which opens at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return text.length;
}
