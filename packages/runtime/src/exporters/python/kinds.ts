import type { Expression, FunctionNode, PropertyPattern } from "../../program/index.ts";
import type { Kind } from "./frames.ts";
import { VALUES } from "./library.ts";
import { helperOf, library, type Printing, slotOf } from "./printing.ts";
import { isSum } from "./sums.ts";
import { call, type PyExpression, string } from "./tree.ts";

const BOOLEANS: ReadonlySet<string> = new Set(["includes", "startsWith", "endsWith", "some", "every", "has", "delete", "test"]);
const TEXTS: ReadonlySet<string> = new Set(["trim", "trimStart", "trimEnd", "toUpperCase", "toLowerCase", "replace", "replaceAll", "padStart", "padEnd", "repeat", "join"]);
const LISTS: ReadonlySet<string> = new Set(["split", "map", "filter", "flatMap", "flat", "toSorted", "toReversed"]);
/** Lists that a method makes anew of a map or set. */
const OF_KEYED: ReadonlySet<string> = new Set(["keys", "values", "entries"]);
const NUMBERS: ReadonlySet<string> = new Set(["indexOf", "findIndex", "push"]);
const BUILTINS: Readonly<Record<string, Kind>> = {
  String: "string", Number: "number", "Math.min": "number", "Math.max": "number", "Math.floor": "number", "Math.ceil": "number", "Math.round": "number", "Math.abs": "number",
  encodeURIComponent: "string", "Array.from": "array", "Array.isArray": "boolean", "Object.keys": "array", "Object.values": "array", "Object.entries": "array", "Object.fromEntries": "object",
  "new Map": "map", "new Set": "set", "Map.groupBy": "map", groupBy: "map", capture: "string", captures: "array", lines: "array", parseCsv: "array", chunk: "array", range: "array",
  hash: "string", iso: "string", time: "number", duration: "number", "quote.jql": "string", "quote.markdown": "string", "quote.slack": "string", "quote.html": "string",
  "quote.url": "string", "quote.graphql": "string", "quote.sql": "string",
};

/**
 * What kind of value an expression gives whatever servers, inputs and callers hand over: a literal, or what the language makes itself. What
 * types say is no such thing: a member of an answer that is declared a text may be `null` by tomorrow.
 */
export function kindOf(p: Printing, e: Expression): Kind {
  switch (e.kind) {
    case "const": return e.value === null ? "none" : Array.isArray(e.value) ? "array" : (typeof e.value as "string" | "number" | "boolean" | "object");
    case "undefined": return "undefined";
    case "regexp": return "regexp";
    case "template": return "string";
    case "object": return "object";
    case "array": return "array";
    case "local": return slotOf(p, e).kind;
    case "global": return globalKind(p, e.index);
    case "conditional": return common(kindOf(p, e.then), kindOf(p, e.otherwise));
    case "logical": return e.operator === "??" ? presentKind(p, e.left, e.right) : common(kindOf(p, e.left), kindOf(p, e.right));
    case "unary": return e.operator === "!" ? "boolean" : "number";
    case "binary": return "+" === e.operator ? plusKind(p, e) : "-*/%".includes(e.operator) ? "number" : "boolean";
    case "get": return isMeasured(e.name, kindOf(p, e.value)) ? "number" : isOfCaught(p, e) ? "string" : ofRaw(p, e);
    case "method": return methodKind(p, e);
    case "builtin": return BUILTINS[e.name] ?? "any";
    case "call": return resultKind(p, helperOf(p, e.callee));
    case "each": case "pages": return "array";
    case "now": return "number";
    default: return "any";
  }
}

/** A constant of the module is what stands behind its name. */
function globalKind(p: Printing, index: number): Kind {
  const { kind = "any" } = p.module.globals[index] ?? {};
  const value = p.facts.globals[index]?.value;
  return kind === "any" && value !== undefined && value.kind !== "function" ? kindOf(p, value) : kind;
}

/** A whole number far from the end of those that are safe, which is an `int` of Python: how many there are, the place of one, and what is added to that. */
export function isCount(p: Printing, e: Expression): boolean {
  switch (e.kind) {
    case "const": return Number.isSafeInteger(e.value) && Math.abs(Number(e.value)) < 2 ** 31 && !Object.is(e.value, -0);
    case "local": return slotOf(p, e).count === true;
    case "get": return isMeasured(e.name, kindOf(p, e.value)) && kindOf(p, e.value) !== "string";
    case "method": return (e.name === "indexOf" || e.name === "findIndex") && e.optional !== true;
    case "binary": return (e.operator === "+" || e.operator === "-") && isCount(p, e.left) && isCount(p, e.right);
    default: return false;
  }
}

/** A list that holds lists of two and nothing else, all of which the language has made. */
export function isPairs(p: Printing, e: Expression): boolean {
  switch (e.kind) {
    case "array": {
      const [only, ...more] = e.items;
      return more.length === 0 && only !== undefined && "spread" in only && (kindOf(p, only.spread) === "map" || isPairs(p, only.spread));
    }
    case "builtin": return e.name === "Object.entries";
    case "method":
      if (e.name === "entries") return isKeyed(kindOf(p, e.value));
      return (e.name === "filter" || e.name === "toSorted" || e.name === "toReversed" || e.name === "slice") && kindOf(p, e) === "array" && isPairs(p, e.value);
    default: return false;
  }
}

/** Pairs that a map is asked for, all of them. */
export function isOfMap(p: Printing, e: Expression): boolean {
  if (e.kind === "method") return e.name === "entries" && kindOf(p, e.value) === "map";
  const [only, ...more] = e.kind === "array" ? e.items : [];
  return only !== undefined && more.length === 0 && "spread" in only && (kindOf(p, only.spread) === "map" || isOfMap(p, only.spread));
}

/** A list that nobody else has: it need not be copied. */
export function isFresh(p: Printing, e: Expression): boolean {
  if (e.kind === "builtin") return e.name === "Object.keys" || e.name === "Object.values" || e.name === "Object.entries";
  return e.kind === "method" && (LISTS.has(e.name) || (e.name === "slice" && kindOf(p, e.value) === "array") || (OF_KEYED.has(e.name) && isKeyed(kindOf(p, e.value))));
}

/** A list that holds texts and nothing else. */
export function isTexts(p: Printing, e: Expression): boolean {
  if (e.kind === "builtin") return e.name === "lines";
  return e.kind === "method" && e.name === "split" && isSplitByText(p, e);
}

/** A text that is cut where another one stands: Python does the same, unless it is cut in the middle of a character. */
export function isSplitByText(p: Printing, e: Extract<Expression, { readonly kind: "method" }>): boolean {
  const [separator, ...more] = e.args;
  if (more.length > 0 || separator === undefined || "spread" in separator || separator.kind !== "const" || (e.on !== "string" && kindOf(p, e.value) !== "string")) return false;
  return typeof separator.value === "string" && /^[\x20-\x7e]+$/.test(separator.value);
}

/** One of several texts, or nothing. */
export function isTextOrAbsent(p: Printing, e: Expression): boolean {
  return e.kind === "method" && e.optional !== true && (e.name === "at" || e.name === "find" || e.name === "findLast") && isTexts(p, e.value);
}

/** Whether types say that a member is always there: it is looked up as it stands. */
export function isAlwaysThere(p: Printing, e: Extract<Expression, { readonly kind: "get" }>): boolean {
  return e.on === "object" && isNoted(p, e.at, e.name);
}

/** A member that a pattern takes: as it stands, where types say that it is always there. */
export function takenMember(p: Printing, of: PyExpression, { at, key }: PropertyPattern): PyExpression {
  return isNoted(p, at, key) ? { kind: "subscript", value: of, index: string(key) } : call(library(VALUES.get), of, string(key));
}

function isNoted({ debug: { members = {} } }: Printing, at: number | undefined, name: string): boolean {
  return at !== undefined && Object.hasOwn(members, `${String(at)}:${name}`);
}

/** What a handler sees of what it caught. */
export function isOfCaught(p: Printing, e: Extract<Expression, { readonly kind: "get" }>): boolean {
  return (e.name === "code" || e.name === "message") && e.value.kind === "local" && slotOf(p, e.value).raised !== undefined;
}

/** A member of what a tool answered. */
function ofRaw(p: Printing, { name, value }: Extract<Expression, { readonly kind: "get" }>): Kind {
  if (value.kind !== "local" || slotOf(p, value).raw !== true) return "any";
  return name === "text" ? "string" : name === "isError" ? "boolean" : "any";
}

/** What a helper gives, as far as its printing has told. */
function resultKind(p: Printing, helper: FunctionNode | null): Kind {
  return (helper === null ? undefined : p.findings.results.get(helper)) ?? "any";
}

function isMeasured(name: string, kind: Kind): boolean {
  return (name === "length" && (kind === "array" || kind === "string")) || (name === "size" && (kind === "map" || kind === "set"));
}

function presentKind(p: Printing, left: Expression, right: Expression): Kind {
  if (isTextOrAbsent(p, left)) return common("string", kindOf(p, right));
  const kind = kindOf(p, left);
  return kind === "none" || kind === "undefined" ? kindOf(p, right) : kind;
}

/** The kind of all of them. */
export function onlyKind(kinds: readonly Kind[]): Kind {
  const [first = "any", ...more] = kinds;
  return more.reduce(common, first);
}

function common(left: Kind, right: Kind): Kind {
  return left === right ? left : "any";
}

/** Of two numbers or two texts: which of both they are, one tells. */
function plusKind(p: Printing, e: Extract<Expression, { readonly kind: "binary" }>): Kind {
  const kinds = [kindOf(p, e.left), kindOf(p, e.right)];
  return kinds.includes("string") ? "string" : kinds.includes("number") ? "number" : "any";
}

function isKeyed(kind: Kind): boolean {
  return kind === "map" || kind === "set";
}

function methodKind(p: Printing, e: Extract<Expression, { readonly kind: "method" }>): Kind {
  const { name, value } = e;
  if (BOOLEANS.has(name)) return "boolean";
  if (TEXTS.has(name)) return "string";
  if (LISTS.has(name) || name === "concat") return "array";
  if (NUMBERS.has(name)) return "number";
  if (OF_KEYED.has(name) && isKeyed(kindOf(p, value))) return "array";
  if (name === "reduce" && isSum(e) !== null) return "number";
  const kind = name === "slice" ? kindOf(p, value) : "any";
  return kind === "string" || kind === "array" ? kind : "any";
}

/** Whether Python tells its truth as JavaScript does. */
export function isPlainlyTrue(kind: Kind): boolean {
  return kind === "boolean" || kind === "string" || kind === "none" || kind === "undefined";
}
