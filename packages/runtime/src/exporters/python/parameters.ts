import type { Expression, FunctionNode, Pattern } from "../../program/index.ts";
import type { Kind } from "./frames.ts";
import type { Given } from "./given.ts";
import { takenMember } from "./kinds.ts";
import { VALUES } from "./library.ts";
import { takeItemName } from "./naming.ts";
import { declareSlot, library, type Printing } from "./printing.ts";
import { call, literal, name, type PyExpression, type PyParameter } from "./tree.ts";

/** Reads of one part, more than which a name of its own is plainer. */
const FEW = 2;

/** Parameters of a function that is one expression; null where one has a default, or is taken apart in a way that only statements say. */
export function plainParameters(p: Printing, fn: FunctionNode, value: Expression, given: readonly (Given | undefined)[]): readonly PyParameter[] | null {
  const all = [...fn.parameters, ...(fn.rest === undefined ? [] : [fn.rest])];
  if (all.some(({ fallback }) => fallback !== undefined) || all.filter(({ pattern }) => pattern.kind !== "bind").length > 1 || (fn.rest !== undefined && fn.rest.pattern.kind !== "bind")) return null;
  const parameters = all.map(({ pattern }, index): PyParameter | null => {
    const named = pattern.kind === "bind" ? parameterName(p, pattern.slot, given[index]) : targetOf(p, pattern, value, given[index]);
    noteRaw(p, fn, index);
    return named === null ? null : { name: named, ...(index >= fn.parameters.length ? { star: true as const } : {}) };
  });
  return parameters.every((one) => one !== null) ? parameters : null;
}

/** The name of a parameter: that of the source, unless what it is given has a better one. */
function parameterName(p: Printing, slot: number, given: Given | undefined): string {
  return betterName(p, slot, given) ?? declareSlot(p, slot, "any", "parameter").name;
}

/** A name after what is given: where the source's would need an underscore, and where it was a letter for one of two that are compared. */
export function betterName(p: Printing, slot: number, given: Given | undefined, kind: Kind = "any"): string | null {
  const source = p.frame?.names[slot] ?? "";
  const isKeyed = given?.isKeyed === true && source.length === 1;
  if (given === undefined || p.frame === null || p.frame.usage.assigned.has(slot) || !(isKeyed || p.names.isAwkward(source))) return null;
  const wanted = given.isPair ? "pair" : given.name;
  if (!isKeyed && (wanted === null || !p.names.isFree(wanted))) return null;
  const own = takeItemName(p, wanted);
  p.frame.slots[slot] = { name: own, kind };
  return own;
}

/** Notes that a parameter is what a tool answered. */
export function noteRaw(p: Printing, fn: FunctionNode, index: number): void {
  const pattern = fn.parameters[index]?.pattern;
  const slot = pattern?.kind === "bind" ? p.frame?.slots[pattern.slot] : undefined;
  if (slot !== undefined && p.raws.get(fn)?.has(index) === true) slot.raw = true;
}

/** The name of what a pattern takes apart, whose parts are read from it where they are used; null where that may mean something else. */
export function targetOf(p: Printing, pattern: Pattern, value: Expression, given: Given | undefined): string | null {
  if (pattern.kind === "bind") return declareSlot(p, pattern.slot).name;
  const parts = partsOf(p, pattern, given?.isPair === true);
  const usage = p.frame?.usage;
  if (parts === null || usage === undefined || parts.some(({ slot, reads }) => usage.assigned.has(slot) || (usage.reads[slot] ?? 0) > reads)) return null;
  if (firstMet(value, new Set(parts.map(({ slot }) => slot))) !== "part") return null;
  const own = takeItemName(p, given?.isPair === true ? "pair" : (given?.name ?? null));
  for (const { slot, read } of parts) if (p.frame !== null) p.frame.slots[slot] = { name: own, kind: "any", read: read(name(own)) };
  return own;
}

interface Part {
  readonly slot: number;
  readonly read: (of: PyExpression) => PyExpression;
  /** How often it may be read. */
  readonly reads: number;
}

/** The parts that a pattern names, each to be read by itself. Null where it does more. */
function partsOf(p: Printing, pattern: Exclude<Pattern, { readonly kind: "bind" }>, isPair: boolean): readonly Part[] | null {
  if (pattern.rest !== undefined) return null;
  if (pattern.kind === "object") {
    const parts = pattern.properties.map((one): Part | null => (one.pattern.kind !== "bind" || one.fallback !== undefined ? null : { slot: one.pattern.slot, reads: FEW, read: (of) => takenMember(p, of, one) }));
    return parts.every((one) => one !== null) ? parts : null;
  }
  const slots = boundSlots(pattern);
  if (slots === null || (slots.length > 1 && !isPair)) return null;
  return slots.map(({ slot, index }): Part => (isPair
    ? { slot, reads: FEW, read: (of) => ({ kind: "subscript", value: of, index: literal(String(index)) }) }
    : { slot, reads: 1, read: (of) => elementOf(of, index) }));
}

/** The element of what may be a list, a map, a set or a text, as it is taken apart. */
export function elementOf(of: PyExpression, index: number): PyExpression {
  return { kind: "subscript", value: call(library(VALUES.unpack), of, literal(String(index + 1))), index: literal(String(index)) };
}

/** The names of a list's elements, by their places; null where one is more than a name. */
export function boundSlots({ elements, rest }: Extract<Pattern, { readonly kind: "array" }>): readonly { readonly slot: number; readonly index: number }[] | null {
  if (rest !== undefined || elements.some((one) => one !== null && (one.pattern.kind !== "bind" || one.fallback !== undefined))) return null;
  return elements.flatMap((one, index) => (one?.pattern.kind === "bind" ? [{ slot: one.pattern.slot, index }] : []));
}

/** The names of a pair's two values, the one that is left out as `_`; null where the pattern wants something else. */
export function pairNames(p: Printing, pattern: Pattern): string | null {
  const slots = pattern.kind === "array" && pattern.elements.length <= 2 ? boundSlots(pattern) : null;
  if (slots === null || slots.length === 0) return null;
  return [0, 1].map((index) => {
    const slot = slots.find((one) => one.index === index)?.slot;
    return slot === undefined ? "_" : declareSlot(p, slot).name;
  }).join(", ");
}

/**
 * What comes first while an expression is evaluated: a read of one of these parts, or something else that may fail or do something. What is
 * taken apart is looked at before all else in JavaScript.
 */
function firstMet(e: Expression, slots: ReadonlySet<number>): "part" | "nothing" | "something" {
  if (e.kind === "local") return e.up === 0 && slots.has(e.slot) ? "part" : "nothing";
  const { operands, isInert } = evaluated(e);
  for (const one of operands) {
    const met = firstMet(one, slots);
    if (met !== "nothing") return met;
  }
  return isInert ? "nothing" : "something";
}

/** What is surely evaluated of an expression, in order, and whether nothing comes of it besides. */
function evaluated(e: Expression): { readonly operands: readonly Expression[]; readonly isInert: boolean } {
  switch (e.kind) {
    case "const": case "undefined": case "regexp": case "global": case "function": return { operands: [], isInert: true };
    case "object": return { operands: e.entries.map(({ value }) => value), isInert: e.entries.every(({ kind }) => kind === "property") };
    case "array": return { operands: e.items.map((one) => ("spread" in one ? one.spread : one)), isInert: e.items.every((one) => !("spread" in one)) };
    case "template": return { operands: e.values, isInert: false };
    case "conditional": return { operands: [e.test], isInert: false };
    case "logical": return { operands: [e.left], isInert: false };
    case "binary": return { operands: [e.left, e.right], isInert: false };
    case "unary": case "get": case "chain": return { operands: [e.value], isInert: false };
    case "index": return { operands: e.optional === true ? [e.value] : [e.value, e.index], isInert: false };
    case "method": return { operands: e.optional === true ? [e.value] : [e.value, ...e.args.map((one) => ("spread" in one ? one.spread : one))], isInert: false };
    case "builtin": case "call": return { operands: e.args.map((one) => ("spread" in one ? one.spread : one)), isInert: false };
    case "tool": return { operands: [e.args], isInert: false };
    default: return { operands: [], isInert: false };
  }
}
