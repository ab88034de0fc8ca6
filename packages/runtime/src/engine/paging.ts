import type { PagingNode } from "../program/index.ts";
import { typeError } from "./failure.ts";
import { article, getOwn, isPlainObject, setOwn } from "./kinds.ts";
import { isTrue } from "./operators.ts";
import type { Paging } from "./ports.ts";
import type { Value } from "./value.ts";

/** The functions of a profile that say where things are in a page; null where it says nothing. */
export interface PageReaders {
  readonly items: ((result: Value) => Value) | null;
  readonly next: ((result: Value) => Value) | null;
  readonly more: ((result: Value) => Value) | null;
}

/**
 * How a call pages. By page and offset the end is a page without items: a short one proves nothing, because servers
 * filter, and some ignore the size they were asked for. `next` takes the arguments of the page that `result` is.
 */
export function pagingOf(node: PagingNode, readers: PageReaders): Paging {
  const items = (result: Value): readonly Value[] => {
    const list = readers.items === null ? result : readers.items(result);
    if (!Array.isArray(list)) throw typeError(`A page must be an array, not ${article(list)}: the profile's items() says where it is.`);
    return list as readonly Value[];
  };
  return {
    max: node.max ?? (node.by === "none" ? 1 : null),
    items,
    more: (result) => readers.more !== null && isTrue(readers.more(result)),
    first: (args) => (node.by === "none" ? args : withDefault(startOf(node, args), node.size?.param, node.size?.value)),
    next: (args, result) => nextArgs(node, readers, args, result, items),
  };
}

function startOf(node: PagingNode, args: Value): Value {
  if (node.by === "page") return withDefault(args, node.param, 1);
  return node.by === "offset" ? withDefault(args, node.param, 0) : args;
}

function nextArgs(node: PagingNode, readers: PageReaders, args: Value, result: Value, items: (result: Value) => readonly Value[]): Value | null {
  if (node.by === "none") return null;
  if (node.by === "cursor") {
    const cursor = readers.next === null ? null : readers.next(result);
    return cursor === null || cursor === undefined || cursor === "" ? null : withValue(args, node.param, cursor);
  }
  const { length } = items(result);
  if (length === 0) return null;
  if (readers.next !== null && !isGoing(readers.next(result))) return null;
  const at = positionOf(node, args);
  return withValue(args, node.param, node.by === "page" ? at + 1 : at + length);
}

/** `next` of a tool that pages by number only says whether there is another one. */
function isGoing(next: Value): boolean {
  return next !== null && next !== undefined && next !== "" && next !== false;
}

function positionOf(node: PagingNode, args: Value): number {
  const value = isPlainObject(args) && node.param !== undefined ? getOwn(args, node.param) : undefined;
  if (typeof value === "number") return value;
  if (value === undefined) return node.by === "page" ? 1 : 0;
  throw typeError(`${node.param ?? "The page"} must be a number, not ${article(value)}.`);
}

function withDefault(args: Value, param: string | undefined, value: Value): Value {
  if (param === undefined || value === undefined) return args;
  return isPlainObject(args) && getOwn(args, param) !== undefined ? args : withValue(args, param, value);
}

function withValue(args: Value, param: string | undefined, value: Value): Value {
  if (param === undefined) throw typeError("The profile does not say which argument moves from page to page.");
  const copy: { [key: string]: Value } = isPlainObject(args) ? { ...args } : {};
  setOwn(copy, param, value);
  return copy;
}
