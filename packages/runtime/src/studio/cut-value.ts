import { type Data, shorten, UnsafeInteger } from "../base/index.ts";

/** Items of a list that are shown, by how deep it lies: the first says what they are like, the others that they are alike. */
const SHOWN_ITEMS = [3, 2, 1];
/** UTF-16 units of one text. */
const LONGEST_TEXT = 240;

/** A result as it helps to see what it is like: lists by their first items, long texts by their beginning. */
export function cutValue(value: Data, depth = 0): Data {
  if (typeof value === "string") return shorten(value, LONGEST_TEXT);
  if (typeof value !== "object" || value === null || value instanceof UnsafeInteger) return value;
  if (!Array.isArray(value)) return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, cutValue(part as Data, depth)]));
  const items = value as readonly Data[];
  const shown = items.slice(0, SHOWN_ITEMS[Math.min(depth, SHOWN_ITEMS.length - 1)]);
  const more = items.length - shown.length;
  return [...shown.map((item) => cutValue(item, depth + 1)), ...(more === 0 ? [] : [`… ${more} more`])];
}
