import { hashJson, type Json, OffstageError, shorten } from "../../base/index.ts";
import { toData } from "../data.ts";
import { typeError } from "../failure.ts";
import { asNumber, asOptionalNumber, asText, isPlainObject, getOwn } from "../kinds.ts";
import { checkLength } from "../limits.ts";
import { namedGroups } from "../methods-string.ts";
import { Regexp } from "../regexp.ts";
import { burn, type Strand } from "../strand.ts";
import { born } from "../unknown.ts";
import type { Value } from "../value.ts";
import { parseCsv } from "./csv.ts";
import { QUOTES } from "./quote.ts";
import { durationOf, isoOf, timeOf } from "./time.ts";

/** A built-in function on known arguments. */
export type Builtin = (c: Strand, args: readonly Value[]) => Value;

const SHOWN = 200;

/** The pure functions of `offstage` over texts, time and numbers. */
export const TEXT_BUILTINS: { readonly [name: string]: Builtin } = {
  capture: (c, [text, pattern]) => capture(c, asText(text, "The text of capture"), asPattern(pattern, "capture")),
  captures: (c, [text, pattern, options]) => captures(c, asText(text, "The text of captures"), asPattern(pattern, "captures"), options),
  lines: (c, [text]) => lines(c, asText(text, "The argument of lines")),
  parseCsv: (c, [text, options]) => {
    const csv = asText(text, "The text of parseCsv");
    burn(c, csv.length);
    return born(c, parseCsv(csv, option(options, "separator", (value) => asText(value, "The separator of parseCsv")) ?? ","));
  },
  range: (c, [count]) => {
    const size = asNumber(count, "The argument of range");
    if (!Number.isInteger(size) || size < 0) throw typeError(`range takes a whole number from 0, not ${size}.`);
    checkLength(size, "The result of range");
    burn(c, size);
    return born(c, Array.from({ length: size }, (_, index) => index));
  },
  hash: (c, [value]) => {
    const data = toData(c, value, { what: "The argument of hash", unsafe: "refuse" });
    return data === undefined ? undefined : hashJson(data as Json);
  },
  fail: (_, [message]) => {
    throw new OffstageError("FAILED", asText(message, "The message of fail"));
  },
  iso: (_, [ms]) => isoOf(asNumber(ms, "The argument of iso")),
  time: (_, [text]) => timeOf(asText(text, "The argument of time")),
  duration: (_, [text]) => durationOf(asText(text, "The argument of duration")),
  ...Object.fromEntries(Object.entries(QUOTES).map(([name, quote]) => [name, (_: Strand, [text]: readonly Value[]) => quote(asText(text, `The argument of ${name}`))])),
};

function asPattern(value: Value, name: string): Regexp {
  if (value instanceof Regexp) return value;
  throw typeError(`The pattern of ${name} must be a regular expression.`);
}

function option<T>(options: Value, name: string, read: (value: Value) => T): T | undefined {
  if (options === undefined) return undefined;
  if (!isPlainObject(options)) throw typeError(`The options with ${name} must be an object.`);
  const value = getOwn(options, name);
  return value === undefined ? undefined : read(value);
}

/** The first group, or the whole match when the pattern has none (or the group took no part). */
function capture(c: Strand, text: string, pattern: Regexp): Value {
  burn(c, 1 + (text.length >> 4));
  const match = pattern.scan(text)(0);
  if (match === null) {
    throw new OffstageError("CAPTURE_NOT_FOUND", `capture: /${pattern.source}/${pattern.flags} finds nothing in ${JSON.stringify(shorten(text, SHOWN))}.`);
  }
  return match.groups[1] ?? (pattern.program.syntax.groups === 0 ? match.groups[0] : "");
}

function captures(c: Strand, text: string, pattern: Regexp, options: Value): Value {
  burn(c, 1 + (text.length >> 4));
  const matches = pattern.all(text);
  const count = option(options, "count", (value) => asOptionalNumber(value, "The count of captures"));
  if (count !== undefined && matches.length !== count) {
    throw new OffstageError("CAPTURE_NOT_FOUND", `captures: /${pattern.source}/${pattern.flags} matches ${matches.length} times, not ${count}, in ${JSON.stringify(shorten(text, SHOWN))}.`);
  }
  burn(c, matches.length);
  return born(c, matches.map((match) => namedGroups(pattern, match) ?? {}));
}

/** Lines end with CR LF, LF or CR; the end of the last line may be missing, an empty text has none. */
function lines(c: Strand, text: string): Value {
  burn(c, 1 + (text.length >> 4));
  const all = text.split(/\r\n|\n|\r/);
  if (all.at(-1) === "") all.pop();
  checkLength(all.length, "The result of lines");
  burn(c, all.length);
  return born(c, all);
}
