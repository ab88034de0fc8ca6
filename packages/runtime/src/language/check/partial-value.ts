import type { Json } from "../../base/index.ts";
import type { Expression, Program } from "../../program/index.ts";

/** A value as far as the text of a workflow tells it. `at` is where it stands (UTF-16 offset). */
export type PartialValue =
  | { readonly kind: "known"; readonly at: number; readonly value: null | boolean | number | string }
  | { readonly kind: "list"; readonly at: number; readonly items: readonly PartialValue[]; readonly open: boolean }
  /** `open`: there may be other members, and these may be replaced. */
  | { readonly kind: "record"; readonly at: number; readonly members: ReadonlyMap<string, PartialValue>; readonly open: boolean }
  | { readonly kind: "unknown"; readonly at: number };

/** What the text tells of an expression's value; constants of the module are looked through. */
export function partialOf(node: Expression, globals: Program["globals"], at = node.at ?? 0): PartialValue {
  switch (node.kind) {
    case "const":
      return jsonOf(node.value, at);
    case "object":
      return recordOf(node, globals, at);
    case "array": {
      const items = node.items.flatMap((item) => ("spread" in item ? [] : [partialOf(item, globals)]));
      return { kind: "list", at, items, open: items.length < node.items.length };
    }
    case "unary":
      return node.operator === "-" && node.value.kind === "const" && typeof node.value.value === "number" ? { kind: "known", at, value: -node.value.value } : { kind: "unknown", at };
    case "global": {
      const value = globals[node.index]?.value;
      // Only what is written out: a constant that calls something is not known.
      return value === undefined || value.kind === "global" ? { kind: "unknown", at } : moved(partialOf(value, globals), at);
    }
    default:
      return { kind: "unknown", at };
  }
}

function recordOf(node: Extract<Expression, { kind: "object" }>, globals: Program["globals"], at: number): PartialValue {
  const members = new Map<string, PartialValue>();
  let open = false;
  for (const entry of node.entries) {
    if (entry.kind === "property") members.set(entry.key, partialOf(entry.value, globals));
    else {
      const spread = partialOf(entry.value, globals);
      if (spread.kind === "record") for (const [key, value] of spread.members) members.set(key, moved(value, at));
      if (spread.kind === "record" && !spread.open) continue;
      open = true;
      // What is spread may replace what was said before.
      for (const [key, value] of members) members.set(key, { kind: "unknown", at: value.at });
    }
  }
  return { kind: "record", at, members, open };
}

function jsonOf(value: Json, at: number): PartialValue {
  if (value === null || typeof value !== "object") return { kind: "known", at, value };
  if (Array.isArray(value)) return { kind: "list", at, items: value.map((item: Json) => jsonOf(item, at)), open: false };
  return { kind: "record", at, members: new Map(Object.entries(value).map(([key, member]) => [key, jsonOf(member as Json, at)])), open: false };
}

/** The same value, told at another place: where it is used. */
function moved(value: PartialValue, at: number): PartialValue {
  if (value.kind === "list") return { ...value, at, items: value.items.map((item) => moved(item, at)) };
  if (value.kind === "record") return { ...value, at, members: new Map([...value.members].map(([key, member]) => [key, moved(member, at)])) };
  return { ...value, at };
}
