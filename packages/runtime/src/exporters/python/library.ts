/**
 * The names of the Python package `offstage` that printed code calls: on the left what stands in JavaScript, on the right what it is
 * in Python. Functions take what a method is called on as their first argument.
 */
export const METHOD_FUNCTIONS: Readonly<Record<string, string>> = {
  at: "at", slice: "slice_of", split: "split", includes: "includes", startsWith: "starts_with", endsWith: "ends_with", indexOf: "index_of", trim: "trim",
  trimStart: "trim_start", trimEnd: "trim_end", toUpperCase: "upper", toLowerCase: "lower", replace: "replace", replaceAll: "replace_all", match: "match",
  matchAll: "match_all", padStart: "pad_start", padEnd: "pad_end", repeat: "repeat",
  map: "map_list", filter: "filter_list", find: "find", findLast: "find_last", findIndex: "find_index", some: "some", every: "all_of", flatMap: "flat_map", flat: "flat",
  reduce: "reduce", join: "join", concat: "concat", push: "push", toSorted: "to_sorted", toReversed: "to_reversed",
  get: "get_of", set: "set_of", has: "has", add: "add", delete: "delete", keys: "keys_of", values: "values_of", entries: "entries_of", test: "test",
};

/** Methods that `Map` and `Set` have in Python too, by the kind of what they are called on. */
export const METHODS_KEPT: Readonly<Record<string, ReadonlySet<string>>> = {
  map: new Set(["get", "set", "has", "delete", "keys", "values", "entries"]), set: new Set(["add", "has", "delete", "keys", "values", "entries"]),
};

/** Functions of JavaScript and of `offstage`. */
export const BUILTIN_FUNCTIONS: Readonly<Record<string, string>> = {
  "new Map": "new_map", "new Set": "new_set", "Map.groupBy": "group_by", "Array.from": "array_from", "Array.isArray": "is_array", "Object.keys": "object_keys",
  "Object.values": "object_values", "Object.entries": "object_entries", "Object.fromEntries": "from_entries", "JSON.parse": "parse_json", "JSON.stringify": "to_json",
  "Math.min": "minimum", "Math.max": "maximum", "Math.floor": "floor", "Math.ceil": "ceil", "Math.round": "round_half_up", "Math.abs": "absolute",
  String: "to_text", Number: "number", encodeURIComponent: "encode_uri_component",
  capture: "capture", captures: "captures", lines: "lines", parseCsv: "parse_csv", chunk: "chunk", range: "range_of", groupBy: "group_by", hash: "hash_of", fail: "failing",
  iso: "iso", time: "time", duration: "duration", "quote.jql": "quote.jql", "quote.markdown": "quote.markdown", "quote.slack": "quote.slack", "quote.html": "quote.html",
  "quote.url": "quote.url", "quote.graphql": "quote.graphql", "quote.sql": "quote.sql",
};

/** What stands for parts of the language itself. */
export const VALUES = {
  undefined: "undefined", failure: "Failure", get: "get", item: "item", length: "length", absent: "absent", truthy: "truthy", same: "same", num: "num", text: "text",
  add: "add_of", divide: "divide", remainder: "remainder", multiply: "multiply", negative: "negative", plus: "number_of", less: "less", spread: "spread", iterate: "iterate",
  subtract: "subtract", atMost: "at_most", greater: "greater", atLeast: "at_least", itemsOf: "items_of", sumOf: "sum_of", sortedBy: "sorted_by", sortedByNumber: "sorted_by_number", unpack: "unpack", coalesce: "coalesce", orElse: "or_else", maybe: "maybe", maybeGet: "maybe_get", without: "without", fail: "fail", regexp: "regexp", caught: "caught",
} as const;

/** The vocabulary of workflows. */
const VOCABULARY = [
  "Context", "approve", "ask", "call", "cron", "each", "every", "log", "now", "once", "parallel", "poll", "queue", "record", "resource", "sleep", "start", "state",
  "until", "wait_for", "webhook", "workflow",
] as const;
/** What profiles are made of. */
const PROFILES = ["profile", "rule", "paging"] as const;

/** Functions that JavaScript does not have: a workflow of TypeScript imports them from `offstage`, or reads what was caught. */
const FUNCTIONS = ["capture", "captures", "caught", "chunk", "duration", "fail", "failing", "group_by", "hash_of", "iso", "lines", "parse_csv", "quote", "range_of", "time", "Failure"] as const;

const OWN: readonly string[] = [...VOCABULARY, ...PROFILES, ...FUNCTIONS];
const ALL = [...Object.values(METHOD_FUNCTIONS), ...Object.values(BUILTIN_FUNCTIONS).map((name) => name.split(".")[0] ?? name), ...Object.values(VALUES)];

/** All names that may be printed, by the module that they are imported from: the words of workflows and profiles, and what JavaScript itself has. */
export const PRINTED_NAMES: Readonly<Record<"offstage" | "offstage.javascript", readonly string[]>> = {
  offstage: OWN, "offstage.javascript": [...new Set(ALL)].filter((name) => !OWN.includes(name)),
};

/** Names that a program's own may not hide. */
export const VALUE_NAMES: ReadonlySet<string> = new Set([...Object.values(PRINTED_NAMES).flat(), "inf", "nan"]);
