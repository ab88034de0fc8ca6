/** How a function of the allowlist is called: how many arguments, and which of them is a callback, a list, or text. */
export interface BuiltinSignature {
  readonly min: number;
  readonly max: number;
  /** Index of the argument that is a plain function. */
  readonly callback?: number;
  /** Index of the argument that is only gone through, so that an iterator may stand there. */
  readonly iterable?: number;
  /** Arguments may be spread. */
  readonly spread?: true;
}

const one = { min: 1, max: 1 };

/** Every pure function of the allowlist. The types check the rest. */
export const BUILTINS: Readonly<Record<string, BuiltinSignature>> = {
  "Map.groupBy": { min: 2, max: 2, callback: 1, iterable: 0 },
  "Array.from": { ...one, iterable: 0 },
  "Array.isArray": one,
  "Object.keys": one, "Object.values": one, "Object.entries": one,
  "Object.fromEntries": { ...one, iterable: 0 },
  "JSON.parse": one,
  "JSON.stringify": { min: 1, max: 3 },
  "Math.min": { min: 0, max: Infinity, spread: true }, "Math.max": { min: 0, max: Infinity, spread: true },
  "Math.floor": one, "Math.ceil": one, "Math.round": one, "Math.abs": one,
  String: one, Number: one, encodeURIComponent: one,
  capture: { min: 2, max: 2 }, captures: { min: 2, max: 3 },
  lines: one, parseCsv: { min: 1, max: 2 }, chunk: { min: 2, max: 2 }, range: one,
  groupBy: { min: 2, max: 2, callback: 1 },
  hash: one, fail: one, iso: one, time: one, duration: one,
  "quote.jql": one, "quote.markdown": one, "quote.slack": one, "quote.html": one, "quote.url": one, "quote.graphql": one, "quote.sql": one,
};

/** Those that may stand where a function is wanted: `map(String)`. */
export const UNARY_BUILTINS: ReadonlySet<string> = new Set([
  "String", "Number", "encodeURIComponent", "lines", "iso", "time", "hash", "Math.floor", "Math.ceil", "Math.round", "Math.abs",
  "quote.jql", "quote.markdown", "quote.slack", "quote.html", "quote.url", "quote.graphql", "quote.sql",
]);

/** How a method of the allowlist is called. Methods that are not here take plain values. */
export const METHOD_SIGNATURES: Readonly<Record<string, BuiltinSignature>> = {
  map: { ...one, callback: 0 }, filter: { ...one, callback: 0 }, find: { ...one, callback: 0 }, findLast: { ...one, callback: 0 },
  findIndex: { ...one, callback: 0 }, some: { ...one, callback: 0 }, every: { ...one, callback: 0 }, flatMap: { ...one, callback: 0 },
  reduce: { min: 1, max: 2, callback: 0 },
  toSorted: { ...one, callback: 0 },
  push: { min: 0, max: Infinity, spread: true }, concat: { min: 0, max: Infinity, spread: true },
  split: { min: 1, max: 2 }, replace: { min: 2, max: 2 }, replaceAll: { min: 2, max: 2 }, match: one, matchAll: one, repeat: one, test: one,
};

/** Callbacks whose answer is a condition. */
export const PREDICATES: ReadonlySet<string> = new Set(["filter", "find", "findLast", "findIndex", "some", "every"]);
