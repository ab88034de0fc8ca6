import type { Expression, FunctionNode, Pattern } from "../../program/index.ts";
import { onlyValue, tried } from "./callbacks.ts";
import type { Given } from "./given.ts";
import { isOfMap, isPairs, isTexts, kindOf } from "./kinds.ts";
import { VALUES } from "./library.ts";
import { itemName } from "./naming.ts";
import { printCondition } from "./operators.ts";
import { betterName, pairNames, targetOf } from "./parameters.ts";
import { declareSlot, library, type Printing } from "./printing.ts";
import { isSum } from "./sums.ts";
import { call, name, type PyExpression } from "./tree.ts";

type Comprehension = Extract<PyExpression, { readonly kind: "comprehension" }>;
type Method = Extract<Expression, { readonly kind: "method" }>;

/** What is known of the items of a list. */
export function itemsGiven(p: Printing, list: Expression): Given {
  return { name: itemName(p, list), isPair: isPairs(p, list) };
}

/** `map` and `filter` of a list with a callback that takes only the element: a comprehension. That of `find` gives all for which it holds, one after the other. */
export function printComprehension(p: Printing, e: Method, items: PyExpression): Comprehension | null {
  const [callback, ...more] = e.args;
  if ((e.name !== "map" && e.name !== "filter" && e.name !== "find") || e.on !== "array" || more.length > 0 || callback === undefined || "spread" in callback || callback.kind !== "function") return null;
  const value = onlyValue(callback.fn);
  const [parameter, place, third] = callback.fn.parameters;
  if (value === null || third !== undefined || callback.fn.rest !== undefined || parameter === undefined || parameter.fallback !== undefined) return null;
  if (place !== undefined) return printPlaced(p, e, items, callback.fn, value);
  return overItems(p, e, items, callback.fn, (): Made | null => {
    const pair = e.name === "map" ? pairTarget(p, parameter.pattern, e) : null;
    const target = pair ?? itemTarget(p, e, parameter.pattern, value);
    if (target === null) return null;
    return { target, isPair: pair !== null, element: e.name === "map" ? p.expression(value) : name(target), conditions: e.name === "map" ? [] : [printCondition(p, value)] };
  });
}

/** `map` with an item and its place. */
function printPlaced(p: Printing, e: Method, items: PyExpression, fn: FunctionNode, value: Expression): Comprehension | null {
  const [item, place] = fn.parameters;
  if (e.name !== "map" || item === undefined || place?.pattern.kind !== "bind" || place.fallback !== undefined) return null;
  const { slot } = place.pattern;
  const made = overItems(p, e, items, fn, (): Made | null => {
    if (p.frame?.usage.assigned.has(slot) !== false) return null;
    const target = itemTarget(p, e, item.pattern, value);
    if (target === null) return null;
    const at = declareSlot(p, slot, "number");
    at.count = true;
    return { target: `${at.name}, ${target}`, element: p.expression(value), conditions: [] };
  });
  return made === null ? null : { ...made, items: call("enumerate", made.items) };
}

/** A sum of what is taken of each item, with the numbers one after the other. */
export function printSum(p: Printing, e: Method, items: PyExpression): PyExpression | null {
  const sum = isSum(e);
  if (sum === null) return null;
  const { fn, term, pattern } = sum;
  const isItem = pattern.kind === "bind" && term.kind === "local" && term.up === 0 && term.slot === pattern.slot;
  if (isItem) return call(library(VALUES.sumOf), kindOf(p, e.value) === "array" ? items : call(library(VALUES.itemsOf), items));
  const terms = overItems(p, e, items, fn, (): Made | null => {
    const pair = pairTarget(p, pattern, e);
    const target = pair ?? itemTarget(p, e, pattern, term);
    return target === null ? null : { target, isPair: pair !== null, element: p.expression(term), conditions: [] };
  });
  return terms === null ? null : call(library(VALUES.sumOf), { ...terms, lazy: true });
}

type Made = Pick<Comprehension, "target" | "element" | "conditions"> & { readonly isPair?: boolean };

function overItems(p: Printing, e: Method, items: PyExpression, fn: FunctionNode, make: () => Made | null): Comprehension | null {
  if (containsNamed(items)) return null;
  const from = kindOf(p, e.value) === "array" ? items : call(library(VALUES.itemsOf), items);
  return tried(p, fn, (): Comprehension | null => {
    const made = make();
    if (made === null || p.before.length > 0 || containsNamed([made.element, made.conditions])) return null;
    const { target, element, conditions } = made;
    return { kind: "comprehension", element, target, items: made.isPair === true && withoutFunction(p, () => isOfMap(p, e.value)) ? asItems(from) : from, conditions };
  });
}

/** The name of an item; of lines and what else are texts for sure, of that kind. */
function itemTarget(p: Printing, e: Method, pattern: Pattern, value: Expression): string | null {
  const [given, kind] = withoutFunction(p, () => [itemsGiven(p, e.value), isTexts(p, e.value) ? "string" : "any"] as const);
  if (pattern.kind !== "bind") return targetOf(p, pattern, value, given);
  return betterName(p, pattern.slot, given, kind) ?? declareSlot(p, pattern.slot, kind).name;
}

/** `key, value`: the two of a pair that the language made. */
function pairTarget(p: Printing, pattern: Pattern, e: Method): string | null {
  if (!withoutFunction(p, () => isPairs(p, e.value))) return null;
  return pairNames(p, pattern);
}

/** `map.entries()` as a dict has it: the pairs are taken apart where they come from. */
export function asItems(entries: PyExpression): PyExpression {
  const { callee } = entries.kind === "call" ? entries : { callee: entries };
  return callee.kind === "attribute" && callee.name === "entries" ? call({ ...callee, name: "items" }) : entries;
}

/** What is asked of the list, which stands outside of the function that its items are given to. */
function withoutFunction<T>(p: Printing, ask: () => T): T {
  const inner = p.frame;
  p.frame = inner?.outer ?? null;
  try {
    return ask();
  } finally {
    p.frame = inner;
  }
}

/** Names that are bound in passing do not stand in a comprehension. */
function containsNamed(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  if (Array.isArray(node)) return node.some(containsNamed);
  if ("kind" in node && node.kind === "named") return true;
  return Object.values(node).some(containsNamed);
}
