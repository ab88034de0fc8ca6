import { type Data, shorten, UnsafeInteger } from "../base/index.ts";

/** Items of a list that are shown: the first says what they are like, the others that they are alike. */
const SHOWN_ITEMS = 3;
/** UTF-16 units of one text. */
const LONGEST_TEXT = 240;

/** A result as it helps to see what it is like: of each list the first item whole, of two more what lies on top; long texts by their beginning. */
export function cutValue(value: Data): Data {
  if (typeof value === "string") return shorten(value, LONGEST_TEXT);
  if (typeof value !== "object" || value === null || value instanceof UnsafeInteger) return value;
  if (!Array.isArray(value)) return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, cutValue(part as Data)]));
  const [first, ...others] = value as readonly Data[];
  if (first === undefined) return [];
  const shown = others.slice(0, SHOWN_ITEMS - 1).map(onTop);
  const more = others.length - shown.length;
  return [cutValue(first), ...shown, ...(more === 0 ? [] : [`… ${more} more`])];
}

/** An item with its own members, and nothing of what lies in them. */
function onTop(item: Data): Data {
  if (typeof item !== "object" || item === null || item instanceof UnsafeInteger || Array.isArray(item)) return cutValue(item);
  return Object.fromEntries(Object.entries(item).flatMap(([name, part]) => (typeof part === "object" && part !== null ? [] : [[name, cutValue(part as Data)]])));
}
