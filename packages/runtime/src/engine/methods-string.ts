import { typeError } from "./failure.ts";
import { asNumber, asOptionalNumber, asText, setOwn } from "./kinds.ts";
import { checkLength, checkSize } from "./limits.ts";
import { Regexp, type RegexMatch } from "./regexp.ts";
import { burn, type Strand } from "./strand.ts";
import { derive } from "./unknown.ts";
import { Unknown, type Value } from "./value.ts";

type StringMethod = (c: Strand, self: string, args: readonly Value[]) => Value;

/** The methods of strings. Arguments are never converted: what is not of the right type is a TYPE_ERROR. */
export const STRING_METHODS: { readonly [name: string]: StringMethod } = {
  at: (_, self, [index]) => self.at(asNumber(index, "The argument of at")),
  slice: (_, self, [from, to]) => self.slice(asOptionalNumber(from, "The start of slice"), asOptionalNumber(to, "The end of slice")),
  split,
  includes: (_, self, [part, from]) => self.includes(asText(part, "The argument of includes"), asOptionalNumber(from, "The start of includes")),
  startsWith: (_, self, [part, from]) => self.startsWith(asText(part, "The argument of startsWith"), asOptionalNumber(from, "The start of startsWith")),
  endsWith: (_, self, [part, to]) => self.endsWith(asText(part, "The argument of endsWith"), asOptionalNumber(to, "The end of endsWith")),
  indexOf: (_, self, [part, from]) => self.indexOf(asText(part, "The argument of indexOf"), asOptionalNumber(from, "The start of indexOf")),
  trim: (_, self) => self.trim(),
  trimStart: (_, self) => self.trimStart(),
  trimEnd: (_, self) => self.trimEnd(),
  toUpperCase: (_, self) => bounded(self.toUpperCase(), "toUpperCase"),
  toLowerCase: (_, self) => bounded(self.toLowerCase(), "toLowerCase"),
  replace: (c, self, [pattern, replacement]) => replace(c, self, pattern, replacement, "replace"),
  replaceAll: (c, self, [pattern, replacement]) => replace(c, self, pattern, replacement, "replaceAll"),
  match,
  matchAll,
  padStart: (_, self, [length, fill]) => padded(self, length, fill, "padStart"),
  padEnd: (_, self, [length, fill]) => padded(self, length, fill, "padEnd"),
  repeat,
};

/** Calls a method of a string; unknown arguments make the result unknown. */
export function callStringMethod(c: Strand, method: StringMethod, self: string, args: readonly Value[]): Value {
  for (const arg of args) if (arg instanceof Unknown) return derive(c, ...args.filter((one) => one instanceof Unknown));
  burn(c, 1 + (self.length >> 4));
  return method(c, self, args);
}

function bounded(text: string, name: string): string {
  checkSize(text.length, `The result of ${name}`);
  return text;
}

function repeat(_: Strand, self: string, [count]: readonly Value[]): Value {
  const times = asNumber(count, "The argument of repeat");
  if (!(times >= 0 && times < Infinity)) throw typeError(`repeat takes a number from 0, not ${times}.`);
  checkSize(self.length * Math.floor(times), "The result of repeat");
  return self.repeat(times);
}

function padded(self: string, length: Value, fill: Value, name: "padStart" | "padEnd"): string {
  const size = asNumber(length, `The length of ${name}`);
  checkSize(size, `The result of ${name}`);
  return self[name](size, fill === undefined ? undefined : asText(fill, `The filling of ${name}`));
}

function split(c: Strand, self: string, [separator, limit]: readonly Value[]): Value {
  const max = asOptionalNumber(limit, "The limit of split");
  const parts = separator instanceof Regexp ? splitBy(separator, self, max) : self.split(asText(separator, "The separator of split"), max);
  checkLength(parts.length, "The result of split");
  burn(c, parts.length);
  return parts;
}

/** ECMAScript's split: captured groups are part of the result, an empty match at the end of a part is none. */
function splitBy(pattern: Regexp, text: string, limit: number | undefined): Value[] {
  const max = limit === undefined ? 2 ** 32 - 1 : limit >>> 0;
  const parts: Value[] = [];
  if (max === 0) return parts;
  const next = pattern.scan(text);
  if (text === "") return next(0) === null ? [text] : [];
  let begin = 0;
  for (let at = 0; at < text.length; ) {
    const match = next(at);
    if (match === null || match.start >= text.length) break;
    if (match.end === begin || (match.end === match.start && match.start === begin)) {
      at = Math.max(match.start, at) + 1;
      continue;
    }
    parts.push(text.slice(begin, match.start));
    if (parts.length === max) return parts;
    for (const group of match.groups.slice(1)) {
      parts.push(group);
      if (parts.length === max) return parts;
    }
    begin = match.end;
    at = begin;
  }
  parts.push(text.slice(begin));
  return parts;
}

/** The array that `match` and `matchAll` give: groups by number, with `index` and the named `groups`. */
export function matchValue(pattern: Regexp, match: RegexMatch): Value {
  const value: Value[] = [...match.groups];
  Object.defineProperty(value, "index", { value: match.start });
  Object.defineProperty(value, "groups", { value: namedGroups(pattern, match) });
  return value;
}

/** The named groups of a match; undefined when the pattern has none. */
export function namedGroups(pattern: Regexp, match: RegexMatch): Value {
  const { names } = pattern.program.syntax;
  if (!names.some((name) => name !== null)) return undefined;
  const groups: { [name: string]: Value } = {};
  names.forEach((name, index) => {
    if (name !== null) setOwn(groups, name, match.groups[index]);
  });
  return groups;
}

function match(c: Strand, self: string, [pattern]: readonly Value[]): Value {
  const regexp = patternOf(pattern, "match");
  if (regexp.global) {
    regexp.lastIndex = 0;
    const all = regexp.all(self);
    burn(c, all.length);
    return all.length === 0 ? null : all.map((one) => one.groups[0]);
  }
  const found = regexp.scan(self)(0);
  return found === null ? null : matchValue(regexp, found);
}

function matchAll(c: Strand, self: string, [pattern]: readonly Value[]): Value {
  const regexp = patternOf(pattern, "matchAll");
  if (!regexp.global) throw typeError("matchAll takes a regular expression with the flag g.");
  const all = regexp.all(self, regexp.lastIndex);
  checkLength(all.length, "The result of matchAll");
  burn(c, all.length);
  return all.map((one) => matchValue(regexp, one));
}

function patternOf(value: Value, name: string): Regexp {
  if (value instanceof Regexp) return value;
  throw typeError(`${name} takes a regular expression.`);
}

function replace(c: Strand, self: string, pattern: Value, replacement: Value, name: "replace" | "replaceAll"): Value {
  const found = pattern instanceof Regexp ? matchesOf(pattern, self, name) : textMatches(self, asText(pattern, `The pattern of ${name}`), name);
  const template = asText(replacement, `The replacement of ${name}`);
  burn(c, found.length);
  const parts: string[] = [];
  let size = 0;
  let end = 0;
  for (const one of found) {
    const text = substitute(template, self, one, pattern instanceof Regexp ? namedGroups(pattern, one) : undefined);
    const before = self.slice(end, one.start);
    size += before.length + text.length;
    checkSize(size, `The result of ${name}`);
    parts.push(before, text);
    end = one.end;
  }
  return bounded(parts.join("") + self.slice(end), name);
}

function matchesOf(pattern: Regexp, text: string, name: string): readonly RegexMatch[] {
  if (pattern.global) {
    pattern.lastIndex = 0;
    return pattern.all(text);
  }
  if (name === "replaceAll") throw typeError("replaceAll takes a string, or a regular expression with the flag g.");
  const first = pattern.scan(text)(0);
  return first === null ? [] : [first];
}

function textMatches(text: string, part: string, name: string): readonly RegexMatch[] {
  const matches: RegexMatch[] = [];
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + Math.max(1, part.length))) {
    matches.push({ start: at, end: at + part.length, groups: [part] });
    if (name === "replace" || at === text.length) break;
  }
  return matches;
}

/** ECMAScript's GetSubstitution: `$$`, `$&`, `` $` ``, `$'`, `$1`, and `$<name>` where groups have names; anything else stays as it is. */
function substitute(template: string, text: string, found: RegexMatch, named: Value): string {
  if (!template.includes("$")) return template;
  const count = found.groups.length - 1;
  const marks = named === undefined ? NUMBERED_MARKS : NAMED_MARKS;
  return template.replace(marks, (whole: string, mark: string | undefined, digits: string | undefined, name: string | undefined) => {
    if (mark === "$") return "$";
    if (mark === "&") return found.groups[0] as string;
    if (mark === "`") return text.slice(0, found.start);
    if (mark === "'") return text.slice(found.end);
    if (digits !== undefined) return substituteGroup(whole, digits, found, count);
    const value = Object.hasOwn(named as object, name ?? "") ? (named as { readonly [key: string]: Value })[name ?? ""] : undefined;
    return typeof value === "string" ? value : "";
  });
}

/** Without names `$<` is text, and what follows it is looked at. */
const NUMBERED_MARKS = /\$(?:([$&`'])|(\d\d?))/g;
const NAMED_MARKS = /\$(?:([$&`'])|(\d\d?)|<([^>]*)>)/g;

function substituteGroup(whole: string, digits: string, found: RegexMatch, count: number): string {
  const two = Number(digits);
  if (two >= 1 && two <= count) return found.groups[two] ?? "";
  const one = Number(digits[0]);
  if (digits.length === 2 && one >= 1 && one <= count) return (found.groups[one] ?? "") + (digits[1] ?? "");
  return whole;
}
