import type { Expression, ObjectEntry } from "../../program/index.ts";
import { kindOf } from "./kinds.ts";
import { VALUES } from "./library.ts";
import { library, type Printing, slotOf } from "./printing.ts";
import { call, type PyEntry, type PyExpression, string } from "./tree.ts";

/** Keys that are whole numbers come first in JavaScript, in their order. */
function isIndex(key: string): boolean {
  return /^(0|[1-9]\d{0,9})$/.test(key) && Number(key) < 4_294_967_295;
}

/** What stands in a dict. */
export function printEntries(p: Printing, entries: readonly ObjectEntry[]): readonly PyEntry[] {
  return entries.map((one): PyEntry => (one.kind === "spread" ? { spread: printSpread(p, one.value) } : { key: string(one.key), value: p.expression(one.value) }));
}

/** An object literal: a dict, in JavaScript's order of keys. */
export function printObject(p: Printing, entries: readonly ObjectEntry[]): PyExpression {
  const whole: PyExpression = { kind: "dict", entries: printEntries(p, entries) };
  const isMixed = entries.some((one) => one.kind === "property" && isIndex(one.key)) || entries.some((one) => one.kind === "spread" && !isKnownInputs(p, one.value));
  return isMixed ? call(library(VALUES.object), whole) : whole;
}

/** What is spread into an object: nothing, where it is null or undefined. */
export function printSpread(p: Printing, e: Expression): PyExpression {
  const value = p.expression(e);
  return isKnownInputs(p, e) || kindOf(p, e) === "object" ? value : call(library(VALUES.spread), value);
}

/** The inputs of the workflow, whose keys are known. */
export function isKnownInputs(p: Printing, e: Expression): boolean {
  return e.kind === "local" && slotOf(p, e).inputs === true;
}
