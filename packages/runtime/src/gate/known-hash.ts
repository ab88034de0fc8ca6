import { type Data, hashJson, UnsafeInteger } from "../base/index.ts";
import type { PartialData } from "../model/index.ts";

/**
 * Hash over the known parts of arguments, with null at each place of `hidden` (their own unknown places when not given):
 * what a plan shows and what an apply compares. A place that the arguments do not have is left away: another shape is
 * another hash. Throws `UNSAFE_INTEGER` for a poisoned integer.
 */
export function knownHash(args: PartialData, hidden: PartialData["unknown"] = args.unknown): string {
  return hashJson(hidden.reduce<Data>((value, part) => hide(value, part.path), args.value));
}

function hide(value: Data, path: readonly (string | number)[]): Data {
  const [head, ...rest] = path;
  if (head === undefined) return null;
  if (value === null || typeof value !== "object" || value instanceof UnsafeInteger) return value;
  if (Array.isArray(value)) {
    const items: readonly Data[] = value;
    return typeof head === "number" && head in items ? items.map((item, index) => (index === head ? hide(item, rest) : item)) : value;
  }
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([name, member]) => [name, name === String(head) ? hide(member, rest) : member]));
}
