import type { Expression } from "../../program/index.ts";
import type { Kind } from "./frames.ts";
import { type Printing, slotOf } from "./printing.ts";

const BOOLEANS: ReadonlySet<string> = new Set(["includes", "startsWith", "endsWith", "some", "every", "has", "delete", "test"]);
const TEXTS: ReadonlySet<string> = new Set(["trim", "trimStart", "trimEnd", "toUpperCase", "toLowerCase", "replace", "replaceAll", "padStart", "padEnd", "repeat", "join"]);
const LISTS: ReadonlySet<string> = new Set(["split", "map", "filter", "flatMap", "flat", "toSorted", "toReversed"]);
const NUMBERS: ReadonlySet<string> = new Set(["indexOf", "findIndex", "push"]);
const BUILTINS: Readonly<Record<string, Kind>> = {
  String: "string", Number: "number", "Math.min": "number", "Math.max": "number", "Math.floor": "number", "Math.ceil": "number", "Math.round": "number", "Math.abs": "number",
  encodeURIComponent: "string", "Array.from": "array", "Array.isArray": "boolean", "Object.keys": "array", "Object.values": "array", "Object.entries": "array", "Object.fromEntries": "object",
  "new Map": "map", "new Set": "set", "Map.groupBy": "map", groupBy: "map", capture: "string", captures: "array", lines: "array", parseCsv: "array", chunk: "array", range: "array",
  hash: "string", iso: "string", time: "number", duration: "number", "quote.jql": "string", "quote.markdown": "string", "quote.slack": "string", "quote.html": "string",
  "quote.url": "string", "quote.graphql": "string", "quote.sql": "string",
};

/** What kind of value an expression surely gives. */
export function kindOf(p: Printing, e: Expression): Kind {
  switch (e.kind) {
    case "const": return e.value === null ? "none" : Array.isArray(e.value) ? "array" : (typeof e.value as "string" | "number" | "boolean" | "object");
    case "undefined": return "undefined";
    case "regexp": return "regexp";
    case "template": return "string";
    case "object": return "object";
    case "array": return "array";
    case "local": return slotOf(p, e).kind;
    case "global": return p.module.globals[e.index]?.kind ?? "any";
    case "conditional": return common(kindOf(p, e.then), kindOf(p, e.otherwise));
    case "logical": return e.operator === "??" && kindOf(p, e.left) !== "any" ? kindOf(p, e.left) : common(isTextOrAbsent(p, e.left) ? "string" : kindOf(p, e.left), kindOf(p, e.right));
    case "unary": return e.operator === "!" ? "boolean" : "number";
    case "binary": return "+" === e.operator ? plusKind(p, e) : "-*/%".includes(e.operator) ? "number" : "boolean";
    case "get": return (e.name === "length" || e.name === "size") && e.on !== "any" && e.on !== "object" ? "number" : (memberKind(p, e) ?? "any");
    case "method": return methodKind(e.name, e.on);
    case "builtin": return BUILTINS[e.name] ?? "any";
    case "each": case "pages": return "array";
    case "now": return "number";
    default: return "any";
  }
}

/** A list that holds texts and nothing else. */
export function isTexts(p: Printing, e: Expression): boolean {
  if (e.kind === "builtin") return e.name === "lines";
  return e.kind === "method" && e.name === "split" && isSplitByText(p, e);
}

/** A text that is cut where another one stands: Python does the same, unless it is cut in the middle of a character. */
export function isSplitByText(p: Printing, e: Extract<Expression, { readonly kind: "method" }>): boolean {
  const [separator, ...more] = e.args;
  if (more.length > 0 || separator === undefined || "spread" in separator || separator.kind !== "const" || kindOf(p, e.value) !== "string") return false;
  return typeof separator.value === "string" && /^[\x20-\x7e]+$/.test(separator.value);
}

/** One of several texts, or nothing. */
export function isTextOrAbsent(p: Printing, e: Expression): boolean {
  return e.kind === "method" && e.optional !== true && (e.name === "at" || e.name === "find" || e.name === "findLast") && isTexts(p, e.value);
}

/** What a member holds that is always there; undefined where nothing says that it is. */
export function memberKind(p: Printing, e: Extract<Expression, { readonly kind: "get" }>): Kind | undefined {
  const place = `${String(e.at)}:${e.name}`;
  const { members = {} } = p.debug;
  return e.on === "object" && e.at !== undefined && Object.hasOwn(members, place) ? members[place] : undefined;
}

function common(left: Kind, right: Kind): Kind {
  return left === right ? left : "any";
}

function plusKind(p: Printing, e: Extract<Expression, { readonly kind: "binary" }>): Kind {
  if (e.on === "number" || e.on === "string") return e.on;
  const kinds = [kindOf(p, e.left), kindOf(p, e.right)];
  return kinds.includes("string") ? "string" : "any";
}

function methodKind(name: string, on: string): Kind {
  if (BOOLEANS.has(name)) return "boolean";
  if (TEXTS.has(name)) return "string";
  if (LISTS.has(name)) return "array";
  if (NUMBERS.has(name)) return "number";
  return (name === "slice" || name === "concat") && (on === "string" || on === "array") ? on : "any";
}

/** Whether Python tells its truth as JavaScript does. */
export function isPlainlyTrue(kind: Kind): boolean {
  return kind === "boolean" || kind === "string" || kind === "none" || kind === "undefined";
}
