import { isOffstageError, parseExact, UnsafeInteger } from "../../base/index.ts";
import { depthLimit, typeError, unsafeInteger } from "../failure.ts";
import { asCallback, callBack } from "../functions.ts";
import { elementsOf } from "../iterate.ts";
import { article, asList, asNumber, asText, getOwn, isPlainObject, type PlainObject, setOwn } from "../kinds.ts";
import { checkLength } from "../limits.ts";
import { asKey } from "../methods-keyed.ts";
import { burn, type Strand } from "../strand.ts";
import { born, derive, unknownOf } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { stringify } from "./json.ts";
import { encodeComponent } from "./quote.ts";
import type { Builtin } from "./text.ts";

/** The functions of ECMAScript that the language has. */
export const LANGUAGE_BUILTINS: { readonly [name: string]: Builtin } = {
  "new Map": newMap,
  "new Set": newSet,
  "Map.groupBy": (c, [items, fn]) => groupBy(c, items, fn, "Map.groupBy"),
  "Array.from": arrayFrom,
  "Array.isArray": (_, [value]) => Array.isArray(value),
  "Object.keys": (c, [value]) => born(c, Object.keys(objectOf(c, value, "Object.keys"))),
  "Object.values": (c, [value]) => born(c, Object.values(objectOf(c, value, "Object.values"))),
  "Object.entries": (c, [value]) => born(c, Object.entries(objectOf(c, value, "Object.entries"))),
  "Object.fromEntries": fromEntries,
  "JSON.parse": (c, [text]) => parseJson(c, asText(text, "The argument of JSON.parse")),
  "JSON.stringify": stringify,
  "Math.min": (_, args) => Math.min(...numbers(args, "Math.min")),
  "Math.max": (_, args) => Math.max(...numbers(args, "Math.max")),
  "Math.floor": (_, [value]) => Math.floor(asNumber(value, "The argument of Math.floor")),
  "Math.ceil": (_, [value]) => Math.ceil(asNumber(value, "The argument of Math.ceil")),
  "Math.round": (_, [value]) => Math.round(asNumber(value, "The argument of Math.round")),
  "Math.abs": (_, [value]) => Math.abs(asNumber(value, "The argument of Math.abs")),
  String: (_, args) => (args.length === 0 ? "" : toText(args[0])),
  Number: (_, args) => (args.length === 0 ? 0 : toNumber(args[0])),
  encodeURIComponent: (_, [text]) => encodeComponent(asText(text, "The argument of encodeURIComponent")),
  chunk: (c, [items, size]) => chunk(c, asList(items, "The list of chunk"), asNumber(size, "The size of chunk")),
  groupBy: (c, [items, fn]) => groupBy(c, items, fn, "groupBy"),
};

function numbers(args: readonly Value[], name: string): number[] {
  if (args.length > 50_000) throw typeError(`${name} takes at most 50,000 numbers: use reduce.`);
  return args.map((arg) => asNumber(arg, `An argument of ${name}`));
}

function toText(value: Value): string {
  if (value instanceof UnsafeInteger) throw unsafeInteger("part of a text");
  if (typeof value === "object" && value !== null) throw typeError(`String takes no ${article(value).replace(/^an? /, "")}: write JSON.stringify.`);
  return String(value);
}

function toNumber(value: Value): number {
  if (value instanceof UnsafeInteger) throw unsafeInteger("a number");
  if (typeof value === "object" && value !== null) throw typeError(`Number takes a string, not ${article(value)}.`);
  return Number(value);
}

function objectOf(c: Strand, value: Value, name: string): PlainObject {
  if (Array.isArray(value)) {
    burn(c, value.length);
    return { ...(value as unknown as PlainObject) };
  }
  if (!isPlainObject(value)) throw typeError(`${name} takes an object, not ${article(value)}.`);
  burn(c, 4);
  return value;
}

function newMap(c: Strand, [entries]: readonly Value[]): Value {
  const map = new Map<Value, Value>();
  if (entries === undefined || entries === null) return born(c, map);
  const elements = elementsOf(c, entries, "new Map");
  if (elements instanceof Unknown) return elements;
  for (const entry of elements) {
    const pair = pairOf(c, entry, "new Map");
    if (pair instanceof Unknown) return pair;
    map.set(asKey(pair[0]), pair[1]);
  }
  checkLength(map.size, "A map");
  burn(c, map.size);
  return born(c, map);
}

/** `[key, value]`; unknown when the key is. */
function pairOf(c: Strand, entry: Value, name: string): readonly [Value, Value] | Unknown {
  const unknown = unknownOf(c, entry);
  if (unknown !== null) return derive(c, unknown);
  if (!Array.isArray(entry)) throw typeError(`${name} takes pairs [key, value], not ${article(entry)}.`);
  const [key, value] = entry as readonly Value[];
  return key instanceof Unknown ? derive(c, key) : [key, value];
}

function newSet(c: Strand, [items]: readonly Value[]): Value {
  if (items === undefined || items === null) return born(c, new Set<Value>());
  const elements = elementsOf(c, items, "new Set");
  if (elements instanceof Unknown) return elements;
  const unknown = elements.filter((element) => element instanceof Unknown);
  if (unknown.length > 0) return derive(c, ...unknown);
  checkLength(elements.length, "A set");
  burn(c, elements.length);
  return born(c, new Set(elements.map(asKey)));
}

function groupBy(c: Strand, items: Value, fn: Value, name: string): Value {
  const elements = elementsOf(c, items, name);
  if (elements instanceof Unknown) return elements;
  const callback = asCallback(fn, `The function of ${name}`);
  const groups = new Map<Value, Value[]>();
  const unknown: Unknown[] = [];
  elements.forEach((item, index) => {
    const key = callBack(callback, c, item, index);
    if (key instanceof Unknown) unknown.push(key);
    else if (groups.has(asKey(key))) groups.get(key)?.push(item);
    else groups.set(key, [item]);
  });
  return unknown.length > 0 ? derive(c, ...unknown) : born(c, groups);
}

function arrayFrom(c: Strand, [source]: readonly Value[]): Value {
  const elements = isPlainObject(source) ? emptyList(getOwn(source, "length")) : elementsOf(c, source, "Array.from");
  if (elements instanceof Unknown) return elements;
  checkLength(elements.length, "A list");
  burn(c, elements.length);
  return born(c, [...elements]);
}

function emptyList(length: Value): readonly Value[] | Unknown {
  if (length instanceof Unknown) return length;
  const size = length === undefined ? 0 : Math.trunc(asNumber(length, "A length")) || 0;
  checkLength(size, "A list");
  return new Array<Value>(Math.max(0, size)).fill(undefined);
}

function fromEntries(c: Strand, [entries]: readonly Value[]): Value {
  const elements = elementsOf(c, entries, "Object.fromEntries");
  if (elements instanceof Unknown) return elements;
  burn(c, elements.length);
  const object: { [key: string]: Value } = {};
  for (const entry of elements) {
    const pair = pairOf(c, entry, "Object.fromEntries");
    if (pair instanceof Unknown) return pair;
    setOwn(object, toText(pair[0]), pair[1]);
  }
  return object;
}

function parseJson(c: Strand, text: string): Value {
  burn(c, 1 + (text.length >> 3));
  try {
    return parseExact(text);
  } catch (error) {
    if (!isOffstageError(error)) throw error;
    if (error.code === "VALUE_TOO_DEEP") throw depthLimit();
    throw typeError(`JSON.parse: ${error.message}`);
  }
}

function chunk(c: Strand, items: readonly Value[], size: number): Value {
  if (!Number.isInteger(size) || size < 1) throw typeError(`The size of chunk must be a whole number from 1, not ${size}.`);
  burn(c, items.length);
  const chunks: Value[] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return born(c, chunks);
}
