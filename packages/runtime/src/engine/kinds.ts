import { UnsafeInteger } from "../base/index.ts";
import { typeError, unsafeInteger } from "./failure.ts";
import { FunctionValue, RegExpValue, Unknown, type Value } from "./value.ts";

/** A plain object: its own data properties, whatever they are called. */
export interface PlainObject {
  readonly [key: string]: Value;
}

/** What a value is, in the words of messages. */
export function kindOf(value: Value): string {
  if (value === null) return "null";
  if (typeof value !== "object") return typeof value;
  if (Array.isArray(value)) return "array";
  if (value instanceof Map) return "map";
  if (value instanceof Set) return "set";
  if (value instanceof UnsafeInteger) return "number";
  if (value instanceof RegExpValue) return "regular expression";
  if (value instanceof FunctionValue) return "function";
  if (value instanceof Unknown) return "unknown";
  return "object";
}

/** True for objects that are data: not a list, map, set, nor anything of the engine's. */
export function isPlainObject(value: Value): value is PlainObject {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** True for what `push`, `set` or `add` could change. */
export function isContainer(value: Value): value is readonly Value[] | ReadonlyMap<Value, Value> | ReadonlySet<Value> {
  return Array.isArray(value) || value instanceof Map || value instanceof Set;
}

/** Passes a text; anything else is a TYPE_ERROR that names what wanted it. */
export function asText(value: Value, use: string): string {
  if (typeof value === "string") return value;
  throw typeError(`${use} must be a string, not ${article(value)}.`);
}

export function asNumber(value: Value, use: string): number {
  if (typeof value === "number") return value;
  if (value instanceof UnsafeInteger) throw unsafeInteger(use);
  throw typeError(`${use} must be a number, not ${article(value)}.`);
}

/** A number, or undefined for an argument that was left out. */
export function asOptionalNumber(value: Value, use: string): number | undefined {
  return value === undefined ? undefined : asNumber(value, use);
}

export function asList(value: Value, use: string): readonly Value[] {
  if (Array.isArray(value)) return value as readonly Value[];
  throw typeError(`${use} must be an array, not ${article(value)}.`);
}

/** `a string`, `an object`, `null`. */
export function article(value: Value): string {
  const kind = kindOf(value);
  if (kind === "null" || kind === "undefined") return kind;
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}

/** Adds a property whatever its name is: `__proto__` is plain data here. */
export function setOwn(target: { [key: string]: Value }, key: string, value: Value): void {
  if (key === "__proto__") Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

/** A property of its own, or undefined. */
export function getOwn(object: PlainObject, key: string): Value {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
