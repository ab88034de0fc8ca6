import type { Expression, ObjectEntry } from "../../program/index.ts";
import { kindOf } from "./kinds.ts";
import { VALUES } from "./library.ts";
import { library, type Printing, slotOf } from "./printing.ts";
import { call, type PyEntry, type PyExpression, string } from "./tree.ts";

/** What stands in a dict. */
function printEntries(p: Printing, entries: readonly ObjectEntry[]): readonly PyEntry[] {
  return entries.map((one): PyEntry => (one.kind === "spread" ? { spread: printSpread(p, one.value) } : { key: string(one.key), value: p.expression(one.value) }));
}

/** An object literal. Who reads the keys of a dict takes them in JavaScript's order. */
export function printObject(p: Printing, entries: readonly ObjectEntry[]): PyExpression {
  return { kind: "dict", entries: printEntries(p, entries) };
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
