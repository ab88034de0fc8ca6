import type { Pattern, PropertyPattern } from "../../program/index.ts";
import { fallbackFor } from "./callbacks.ts";
import type { Kind } from "./frames.ts";
import { takenMember } from "./kinds.ts";
import { VALUES } from "./library.ts";
import { boundSlots, elementOf } from "./parameters.ts";
import { declareSlot, library, type Printing } from "./printing.ts";
import { call, literal, name, type PyExpression, type PyStatement, string } from "./tree.ts";

/** A pattern on the left of a value: a statement for each of its names. */
export function printPattern(p: Printing, pattern: Pattern, value: PyExpression, kind: Kind): readonly PyStatement[] {
  if (pattern.kind === "bind") {
    const slot = declareSlot(p, pattern.slot, kind);
    return value.kind === "name" && value.name === slot.name ? [] : [{ kind: "assign", targets: [slot.name], value }];
  }
  return pattern.kind === "object" ? objectPattern(p, pattern, value) : arrayPattern(p, pattern, value, kind);
}

/** Parts of an object that are surely there, by their names: each is looked up as it stands. Null where the pattern wants something else. */
export function printKnownParts(p: Printing, pattern: Pattern, value: PyExpression, wanted: string, kinds: ReadonlyMap<string, Kind>): readonly PyStatement[] | null {
  if (pattern.kind !== "object" || pattern.rest !== undefined || pattern.properties.length === 0) return null;
  if (pattern.properties.some(({ key, fallback }) => fallback !== undefined || !kinds.has(key))) return null;
  const parts: PyStatement[] = [];
  const whole = value.kind === "name" ? value : named(p, value, parts, wanted);
  return [
    ...parts,
    ...pattern.properties.flatMap(({ key, pattern: own }) => printPattern(p, own, { kind: "subscript", value: whole, index: string(key) }, kinds.get(key) ?? "any")),
  ];
}

function objectPattern(p: Printing, pattern: Extract<Pattern, { readonly kind: "object" }>, value: PyExpression): readonly PyStatement[] {
  const parts: PyStatement[] = [];
  const count = pattern.properties.length + (pattern.rest === undefined ? 0 : 1);
  const source = count === 1 || value.kind === "name" ? value : named(p, value, parts, "taken");
  for (const property of pattern.properties) parts.push(...taken(p, property, takenMember(p, source, property)));
  if (pattern.rest !== undefined) {
    const rest = declareSlot(p, pattern.rest.slot, "object");
    parts.push({ kind: "assign", targets: [rest.name], value: call(library(VALUES.without), source, ...pattern.properties.map(({ key }) => string(key))) });
  }
  if (count === 0) parts.push({ kind: "expression", value: call(library(VALUES.without), source) });
  return parts;
}

function taken(p: Printing, { pattern, fallback }: Pick<PropertyPattern, "pattern" | "fallback">, value: PyExpression): readonly PyStatement[] {
  if (fallback === undefined) return printPattern(p, pattern, value, "any");
  if (pattern.kind === "bind") {
    const { name: own } = declareSlot(p, pattern.slot);
    return [{ kind: "assign", targets: [own], value }, ...fallbackFor(p, own, fallback)];
  }
  const own = p.names.take("part");
  return [{ kind: "assign", targets: [own], value }, ...fallbackFor(p, own, fallback), ...printPattern(p, pattern, name(own), "any")];
}

/** A list of as many values as there are names is taken apart as it stands. */
function directTargets(p: Printing, { elements, rest }: Extract<Pattern, { readonly kind: "array" }>, value: PyExpression): readonly string[] | null {
  if (rest !== undefined || value.kind !== "list" || value.items.length !== elements.length || value.items.length < 2 || value.items.some(({ kind }) => kind === "star")) return null;
  const slots = elements.map((one) => (one !== null && one.fallback === undefined && one.pattern.kind === "bind" ? one.pattern.slot : null));
  return slots.every((slot) => slot !== null) ? slots.map((slot) => declareSlot(p, slot).name) : null;
}

function arrayPattern(p: Printing, pattern: Extract<Pattern, { readonly kind: "array" }>, value: PyExpression, kind: Kind): readonly PyStatement[] {
  const parts: PyStatement[] = [];
  const direct = directTargets(p, pattern, value);
  if (direct !== null) return [{ kind: "assign", targets: direct, value }];
  const unpacked = unpackedNames(p, pattern, value, kind);
  if (unpacked !== null) return [unpacked];
  const isList = value.kind === "list" || value.kind === "comprehension";
  const items = value.kind === "name" && kind === "array" ? value : named(p, isList ? value : { kind: "list", items: [{ kind: "star", value: call(library(VALUES.iterate), value) }] }, parts, "items");
  pattern.elements.forEach((one, index) => {
    if (one !== null) parts.push(...taken(p, one, call(library(VALUES.item), items, literal(String(index)))));
  });
  if (pattern.rest !== undefined) parts.push(...printPattern(p, pattern.rest, call(library("slice_of"), items, literal(String(pattern.elements.length))), "array"));
  return parts;
}

/** `a, b = unpack(value, 2)`; of one element alone, the element. Null where the pattern wants more than names. */
function unpackedNames(p: Printing, pattern: Extract<Pattern, { readonly kind: "array" }>, value: PyExpression, kind: Kind): PyStatement | null {
  const slots = boundSlots(pattern);
  if (slots === null || slots.length === 0) return null;
  const [only, ...more] = slots;
  if (only !== undefined && more.length === 0) return { kind: "assign", targets: [declareSlot(p, only.slot).name], value: kind === "array" ? call(library(VALUES.item), value, literal(String(only.index))) : elementOf(value, only.index) };
  const targets = pattern.elements.map((_, index) => {
    const slot = slots.find((one) => one.index === index)?.slot;
    return slot === undefined ? "_" : declareSlot(p, slot).name;
  });
  return { kind: "assign", targets, value: call(library(VALUES.unpack), value, literal(String(targets.length))) };
}

function named(p: Printing, value: PyExpression, parts: PyStatement[], wanted: string): PyExpression {
  const own = p.names.take(wanted);
  parts.push({ kind: "assign", targets: [own], value });
  return name(own);
}
