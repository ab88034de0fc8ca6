import type { Expression } from "../../program/index.ts";

const NEW_LISTS: ReadonlySet<string> = new Set(["map", "filter", "flatMap", "flat", "slice", "concat", "toSorted", "toReversed", "split"]);
const NEW_VALUES: ReadonlySet<string> = new Set(["new Map", "new Set", "Array.from", "Object.keys", "Object.values", "Object.entries"]);

/** True for an expression that makes a new list, map or set each time: nobody else can hold it. */
export function isFresh(value: Expression): boolean {
  if (value.kind === "array") return true;
  if (value.kind === "builtin") return NEW_VALUES.has(value.name);
  return value.kind === "method" && NEW_LISTS.has(value.name);
}
