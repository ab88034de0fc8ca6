import type { Expression, FunctionNode } from "../../program/index.ts";
import { snakeCase } from "./names.ts";
import { type Printing, slotOf } from "./printing.ts";

type Method = Extract<Expression, { readonly kind: "method" }>;

/** Methods that give of a list what is in it, so that an item of the one is called as an item of the other. */
const SAME_ITEMS: ReadonlySet<string> = new Set(["filter", "toSorted", "toReversed", "slice", "concat"]);

/** What one of several is called: `orders` → `order`; null where the name is no plural. */
export function singular(plural: string): string | null {
  const name = snakeCase(plural);
  if (/(?:ss|us|is)$/.test(name) || !/[a-z]{2}s$/.test(name)) return null;
  if (name.endsWith("ies")) return name.length > 4 ? `${name.slice(0, -3)}y` : null;
  return /(?:ss|x|z|ch|sh)es$/.test(name) ? name.slice(0, -2) : name.slice(0, -1);
}

/** What an item of a list may be called, after the list. */
export function itemName(p: Printing, e: Expression): string | null {
  switch (e.kind) {
    case "local": return singular(slotOf(p, e).name);
    case "global": return singular(p.module.globals[e.index]?.name ?? "");
    case "get": return singular(e.name);
    case "method": return SAME_ITEMS.has(e.name) ? itemName(p, e.value) : e.name === "split" ? "part" : null;
    case "builtin": return e.name === "lines" ? "line" : e.name === "Object.keys" ? "key" : null;
    case "array": {
      const [only, ...more] = e.items;
      return only !== undefined && more.length === 0 && "spread" in only ? itemName(p, only.spread) : null;
    }
    default: return null;
  }
}

/** A name that nothing has: the one that is wanted, else one that says nothing. */
export function takeItemName(p: Printing, wanted: string | null): string {
  return p.names.take(wanted !== null && p.names.isFree(wanted) ? wanted : "one");
}

/** What the turn of an `each` is called: after the items, else after its parameter. */
export function turnName(p: Printing, items: Expression, fn: FunctionNode): string {
  const [first] = fn.parameters;
  const pattern = first?.pattern.kind === "array" ? first.pattern.elements[0]?.pattern : first?.pattern;
  const parameter = pattern?.kind === "bind" ? (p.debug.names[String(fn.at)]?.[pattern.slot] ?? "") : "";
  const named = itemName(p, items) ?? (parameter.length > 1 ? parameter : null);
  return named === null ? "turn" : `handle_${snakeCase(named)}`;
}

/** Whether a list is what an expression gives, or holds nothing but that. */
function isMadeOf(list: Expression, e: Expression): boolean {
  return list === e || (list.kind === "method" && SAME_ITEMS.has(list.name) && isMadeOf(list.value, e));
}

/** What a function that needs statements is called: after what it is for, and after the variable that it fills. */
export function callbackName(p: Printing, e: Method | Extract<Expression, { readonly kind: "builtin" }>): string {
  const filled = p.filled !== null && isMadeOf(p.filled.by, e) && p.filled.name.length > 1 ? snakeCase(p.filled.name) : null;
  switch (e.name) {
    case "map": case "flatMap": return filled === null ? "convert" : `to_${singular(filled) ?? filled}`;
    case "filter": case "find": case "findLast": case "findIndex": return filled === null ? "is_wanted" : `is_${singular(filled) ?? filled}`;
    case "some": case "every": return "holds";
    case "toSorted": return "compare";
    case "reduce": return "combine";
    case "groupBy": case "Map.groupBy": return "group_of";
    default: return "function";
  }
}
