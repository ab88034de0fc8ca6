import type { Expression } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { at, type Lowering, PLACEHOLDER } from "./lowering.ts";
import { isGlobalName, namedBy, variable } from "./names.ts";

/** Globals that people reach for, and what the language has instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  Date: "Time is `now()`, `ago(\"7d\")`, `time(text)` and `iso(time)` from \"offstage\".",
  Promise: "Use `each` for a list, and `parallel` for branches.",
  console: "Use `log(…)` from \"offstage\".",
  fetch: "Call a tool of an MCP server: import it from \"#servers\".",
  process: "Pass what the run needs as `inputs`; secrets belong to the servers in mcp.json.",
  setTimeout: "Use `sleep` from \"offstage\".",
  Error: "Use `fail(message)` from \"offstage\".",
  RegExp: "Write the pattern as a literal: `/…/`.",
  Symbol: "Only JSON values, Map and Set exist here.",
  BigInt: "Keep large integers as text.",
  parseInt: "Use `Number(text)`.",
  parseFloat: "Use `Number(text)`.",
  isNaN: "Compare the number: `n === n` is false for NaN only.",
  NaN: "Compare the number: `n === n` is false for NaN only.",
  Boolean: "Write the condition out: `(item) => item !== null`.",
  decodeURIComponent: "Only `encodeURIComponent` belongs to the language.",
  require: "Import from \"offstage\" or \"#servers\".",
  crypto: "Use `hash(value)` from \"offstage\".",
  Buffer: "Only JSON values, Map and Set exist here.",
  globalThis: "Name the function itself.",
  eval: "Write the code out.",
  Infinity: "Write a number.",
};

/** The fault of a global outside the allowlist. */
export function refuseGlobal(l: Lowering, node: ts.Node, name: string): Expression {
  const root = name.split(".")[0] ?? name;
  const hint = Object.hasOwn(INSTEAD, root) ? INSTEAD[root] : undefined;
  l.faults.error(node, "GLOBAL_NOT_ALLOWED", `${name} does not belong to the language.`, hint ?? "Allowed are Object.keys, values, entries, fromEntries, JSON.parse, stringify, Math.min, max, floor, ceil, round, abs, Array.from, isArray, Map.groupBy, String, Number, encodeURIComponent.");
  return PLACEHOLDER;
}

/** A name as a value. */
export function lowerIdentifier(l: Lowering, node: ts.Identifier): Expression {
  const named = namedBy(l, node);
  if (named === undefined) return unnamed(l, node);
  if (named.kind !== "local" && named.kind !== "global") {
    const what = named.kind === "vocabulary" ? "a function of offstage" : named.kind === "own" ? "a function of your own" : `a ${named.kind}`;
    l.faults.error(node, "VOCABULARY_AS_VALUE", `${node.text} is ${what}, not a value.`, "Call it where it is needed; to hand it on, write an arrow that calls it.");
    return PLACEHOLDER;
  }
  if (named.helper !== undefined || l.facts.kinds(node).has("function")) {
    l.faults.error(node, "FUNCTION_AS_VALUE", `${node.text} is a function, not a value.`, "Call it, or hand it directly to a method or helper that calls it.");
  }
  return variable(l, node, named) ?? PLACEHOLDER;
}

function unnamed(l: Lowering, node: ts.Identifier): Expression {
  if (node.text === "undefined") return { kind: "undefined", ...at(l, node) };
  if (isGlobalName(l, node)) return refuseGlobal(l, node, node.text);
  const declared = l.facts.symbol(node)?.declarations?.[0];
  if (declared === undefined) return Object.hasOwn(INSTEAD, node.text) ? refuseGlobal(l, node, node.text) : PLACEHOLDER;
  if (ts.isVariableDeclaration(declared) || ts.isBindingElement(declared) || ts.isParameter(declared)) {
    l.faults.error(node, "USE_BEFORE_DECLARATION", `${node.text} is used before its declaration has run.`, "Move the declaration up.");
  }
  return PLACEHOLDER;
}
