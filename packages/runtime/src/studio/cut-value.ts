import { type Data, shorten, UnsafeInteger } from "../base/index.ts";

/** Items of a list that are shown: the first says what they are like, the others that they are alike. */
const SHOWN_ITEMS = 3;
/** UTF-16 units of one text. */
const LONGEST_TEXT = 240;
/** And of one that is all of a result: whoever has to read it by a pattern has to see it. */
const LONGEST_RESULT = 2_000;

/** A result as it helps to see what it is like: of each list the first item whole, of two more what lies on top; long texts by their beginning. What is left out is marked where it stood. */
export function cutValue(value: Data): Data {
  return cut(value, LONGEST_RESULT);
}

function cut(value: Data, longest: number): Data {
  if (typeof value === "string") return cutText(value, longest);
  if (!isNested(value)) return value;
  if (!isItems(value)) {
    const members = Object.entries(value);
    // `{ content: "…" }` says no more than the text alone.
    return Object.fromEntries(members.map(([name, part]) => [name, cut(part as Data, members.length === 1 ? longest : LONGEST_TEXT)]));
  }
  const [first, ...others] = value;
  if (first === undefined) return [];
  const shown = others.slice(0, SHOWN_ITEMS - 1).map(onTop);
  const more = others.length - shown.length;
  return [cut(first, LONGEST_TEXT), ...shown, ...(more === 0 ? [] : [`… ${more} more`])];
}

function cutText(text: string, longest: number): string {
  return text.length <= longest ? text : `${shorten(text, longest + 1)} (${longest} of ${text.length} characters)`;
}

/** An item with its own members, and of what lies in them that it is there: a member that vanished would look optional. */
function onTop(item: Data): Data {
  if (!isNested(item) || isItems(item)) return cut(item, LONGEST_TEXT);
  return Object.fromEntries(Object.entries(item).map(([name, part]) => [name, folded(part as Data)]));
}

function folded(part: Data): Data {
  if (!isNested(part)) return cut(part, LONGEST_TEXT);
  const size = isItems(part) ? part.length : Object.keys(part).length;
  return size === 0 ? part : isItems(part) ? `[… ${size}]` : "{…}";
}

function isNested(value: Data): value is Extract<Data, object> {
  return typeof value === "object" && value !== null && !(value instanceof UnsafeInteger);
}

function isItems(value: Data): value is readonly Data[] {
  return Array.isArray(value);
}
