import { UnsafeInteger } from "../base/index.ts";
import { typeError, unsafeInteger } from "./failure.ts";
import { article, getOwn, isPlainObject, type PlainObject } from "./kinds.ts";
import type { Strand } from "./strand.ts";
import { derive, unknownOf } from "./unknown.ts";
import { FunctionValue, RegExpValue, Unknown, type Value } from "./value.ts";

/** Names that plain objects inherit: only these need a look at what is their own. */
const INHERITED: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/** `value.name` for a name known in advance. */
export function propertyReader(name: string): (c: Strand, value: Value) => Value {
  const inherited = INHERITED.has(name);
  return (c, value) => {
    if (typeof value === "object" && value !== null) {
      if (Object.getPrototypeOf(value) === Object.prototype) {
        return inherited ? getOwn(value as PlainObject, name) : (value as PlainObject)[name];
      }
    }
    return readSpecial(c, value, name);
  };
}

function readSpecial(c: Strand, value: Value, name: string): Value {
  if (typeof value === "string") return name === "length" ? value.length : undefined;
  if (value === null || value === undefined) throw typeError(`Cannot read ${name} of ${String(value)}.`);
  if (typeof value !== "object") return undefined;
  const unknown = unknownOf(c, value);
  if (unknown !== null) return derive(c, unknown);
  if (Array.isArray(value)) return listProperty(value as readonly Value[], name);
  if (value instanceof Map || value instanceof Set) return name === "size" ? value.size : undefined;
  if (isPlainObject(value)) return getOwn(value, name);
  if (value instanceof UnsafeInteger) throw unsafeInteger("a value with members");
  if (value instanceof RegExpValue || value instanceof FunctionValue) return undefined;
  return undefined;
}

/** Lists have a length; what `match` answers has its place and named groups as well. */
function listProperty(list: readonly Value[], name: string): Value {
  if (name === "length") return list.length;
  if ((name === "index" || name === "groups" || name === "input") && Object.hasOwn(list, name)) return (list as unknown as PlainObject)[name];
  return undefined;
}

/** `value[index]` with a number; undefined past the ends. */
export function readIndex(c: Strand, value: Value, index: Value): Value {
  const unknown = unknownOf(c, value) ?? (index instanceof Unknown ? index : null);
  if (unknown !== null) return derive(c, unknown);
  if (value === null || value === undefined) throw typeError(`Cannot read an element of ${String(value)}.`);
  if (index instanceof UnsafeInteger) throw unsafeInteger("an index");
  if (typeof index !== "number") throw typeError(`An index must be a number, not ${article(index)}: use a Map, or Object.entries.`);
  if (typeof value === "string" || Array.isArray(value)) {
    return Number.isInteger(index) && index >= 0 && index < value.length ? (value as readonly Value[] | string)[index] : undefined;
  }
  throw typeError(`${article(value)} has no elements by number.`);
}
