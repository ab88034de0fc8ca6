/**
 * The closed vocabulary of pure operations (LANGUAGE.md §2 and §3). The checker admits exactly these, every host implements
 * exactly these, and each has a conformance case. Names are those of ECMAScript or of the `offstage` module.
 */
export const METHODS = {
  string: ["at", "slice", "split", "includes", "startsWith", "endsWith", "indexOf", "trim", "trimStart", "trimEnd", "toUpperCase", "toLowerCase", "replace", "replaceAll", "match", "matchAll", "padStart", "padEnd", "repeat"],
  array: ["map", "filter", "find", "findLast", "findIndex", "some", "every", "flatMap", "flat", "reduce", "includes", "indexOf", "join", "slice", "concat", "at", "push", "toSorted", "toReversed"],
  map: ["get", "set", "has", "delete", "keys", "values", "entries"],
  set: ["add", "has", "delete", "keys", "values", "entries"],
  regexp: ["test"],
} as const satisfies Record<string, readonly string[]>;

/** Members that are read, not called. */
export const PROPERTIES = { string: ["length"], array: ["length"], map: ["size"], set: ["size"] } as const satisfies Record<string, readonly string[]>;

/** Functions of the language itself. */
export const GLOBAL_BUILTINS = [
  "new Map", "new Set", "Map.groupBy", "Array.from", "Array.isArray", "Object.keys", "Object.values", "Object.entries", "Object.fromEntries",
  "JSON.parse", "JSON.stringify", "Math.min", "Math.max", "Math.floor", "Math.ceil", "Math.round", "Math.abs", "String", "Number", "encodeURIComponent",
] as const;

/** Pure functions of `offstage`. `now` and `ago` are steps: `ago(d)` is lowered to `now() - duration(d)`. */
export const OFFSTAGE_BUILTINS = [
  "capture", "captures", "lines", "parseCsv", "chunk", "range", "groupBy", "hash", "fail", "iso", "time", "duration",
  "quote.jql", "quote.markdown", "quote.slack", "quote.html", "quote.url", "quote.graphql", "quote.sql",
] as const;

/** Property names that no program may use: they reach what is not data. */
export const FORBIDDEN_NAMES = ["__proto__", "constructor", "prototype"] as const;
