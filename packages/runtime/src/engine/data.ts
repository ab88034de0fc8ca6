import { type Data, UnsafeInteger } from "../base/index.ts";
import type { PartialData, UnknownPart } from "../model/index.ts";
import { depthLimit, sizeLimit, typeError, unsafeInteger } from "./failure.ts";
import { article, isPlainObject, setOwn } from "./kinds.ts";
import { MAX_DEPTH, MAX_SIZE } from "./limits.ts";
import { burn, type Strand } from "./strand.ts";
import { touch, unknownOf } from "./unknown.ts";
import { Unknown, type Value } from "./value.ts";

/** How {@link toPartial} treats what is not simply JSON. */
export interface DataUse {
  /** What the value is for, in messages: `the arguments of jira.create_issue`. */
  readonly what: string;
  /** A poisoned integer may be carried and shown, but not used. */
  readonly unsafe: "refuse" | "keep";
}

/**
 * A value as it leaves the program: JSON, with null and a note where it is not known yet. Members that are undefined are
 * dropped, undefined elements are null, as `JSON.stringify` does it; what JSON cannot carry is a TYPE_ERROR.
 */
export function toPartial(c: Strand, value: Value, use: DataUse): PartialData {
  const walk = new Outward(c, use);
  const data = walk.copy(value, []);
  return { value: data ?? null, unknown: walk.unknown };
}

/** The same for what must be known: null when part of it is not. */
export function toData(c: Strand, value: Value, use: DataUse): Data | null | undefined {
  const partial = toPartial(c, value, use);
  return partial.unknown.length === 0 ? partial.value : undefined;
}

/** What is unknown anywhere in a value that is to be stored; null when all is known. Ends the run when it is too deep or too large. */
export function findUnknown(c: Strand, value: Value): Unknown | null {
  const from = new Set<string>();
  let size = 0;
  const look = (one: Value, depth: number): void => {
    size += typeof one === "string" ? one.length + 2 : 8;
    if (size > MAX_SIZE) throw sizeLimit("A result");
    if (typeof one !== "object" || one === null) return;
    if (depth > MAX_DEPTH) throw depthLimit();
    const unknown = unknownOf(c, one);
    if (unknown !== null) unknown.from.forEach((effect) => from.add(effect));
    else if (one instanceof Map) for (const [key, item] of one) [key, item].forEach((part: Value) => look(part, depth + 1));
    else if (Array.isArray(one) || one instanceof Set) for (const item of one as Iterable<Value>) look(item, depth + 1);
    else if (isPlainObject(one)) for (const key of Object.keys(one)) look(one[key], depth + 1);
  };
  look(value, 0);
  return from.size === 0 ? null : new Unknown([...from].sort());
}

/** What a partial value derives from as a whole; null when all is known. */
export function unknownIn(partial: PartialData): Unknown | null {
  if (partial.unknown.length === 0) return null;
  return new Unknown([...new Set(partial.unknown.flatMap((part) => part.from))].sort());
}

/** The inverse of {@link toPartial}: unknowns where the notes say. */
export function fromPartial(partial: PartialData): Value {
  return partial.unknown.length === 0 ? partial.value : place(partial.value, partial.unknown, 0);
}

function place(value: Data, parts: readonly UnknownPart[], level: number): Value {
  const here = parts.find((part) => part.path.length === level);
  if (here !== undefined) return new Unknown(here.from);
  const below = (key: string | number): readonly UnknownPart[] => parts.filter((part) => part.path[level] === key);
  if (Array.isArray(value)) return value.map((item: Data, index) => place(item, below(index), level + 1));
  if (typeof value !== "object" || value === null || value instanceof UnsafeInteger) return value;
  if (parts.length === 0) return value as Value;
  const object: { [key: string]: Value } = {};
  for (const [key, item] of Object.entries(value as { readonly [key: string]: Data })) setOwn(object, key, place(item, below(key), level + 1));
  return object;
}

class Outward {
  readonly unknown: UnknownPart[] = [];
  readonly #c: Strand;
  readonly #use: DataUse;
  #size = 0;

  constructor(c: Strand, use: DataUse) {
    this.#c = c;
    this.#use = use;
  }

  /** undefined for what is left out. */
  copy(value: Value, path: readonly (string | number)[]): Data | undefined {
    switch (typeof value) {
      case "string":
        this.#grow(value.length + 2);
        return value;
      case "number":
        if (!Number.isFinite(value)) throw typeError(`${this.#use.what} contains ${value}, which JSON cannot carry.`);
        this.#grow(8);
        return value;
      case "boolean":
        return value;
      case "undefined":
        return undefined;
      default:
        return value === null ? null : this.#object(value, path);
    }
  }

  #object(value: Value & object, path: readonly (string | number)[]): Data {
    const unknown = unknownOf(this.#c, value);
    if (unknown !== null) {
      touch(this.#c, unknown);
      this.unknown.push({ path, from: unknown.from });
      return null;
    }
    if (value instanceof UnsafeInteger) {
      if (this.#use.unsafe === "keep") return value;
      throw unsafeInteger(path.length === 0 ? this.#use.what : `${this.#use.what} (${path.join(".")})`);
    }
    if (path.length >= MAX_DEPTH) throw depthLimit();
    if (Array.isArray(value)) {
      this.#grow(2 + value.length);
      return (value as readonly Value[]).map((item, index) => this.copy(item, [...path, index]) ?? null);
    }
    if (!isPlainObject(value)) throw typeError(`${this.#use.what} contains ${article(value)}, which JSON cannot carry.`);
    const object: { [key: string]: Data } = {};
    for (const key of Object.keys(value)) {
      const item = this.copy(value[key], [...path, key]);
      if (item === undefined) continue;
      this.#grow(key.length + 4);
      setOwn(object as { [key: string]: Value }, key, item);
    }
    return object;
  }

  #grow(by: number): void {
    this.#size += by;
    if (this.#size > MAX_SIZE) throw sizeLimit(this.#use.what);
    burn(this.#c, 1);
  }
}

/** Whether two values are the same data: what makes two items of an `each` one. Unknown parts are never the same. */
export function sameData(a: Value, b: Value, depth = 0): boolean {
  if (Object.is(a, b)) return !(a instanceof Unknown);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (depth > MAX_DEPTH) throw depthLimit();
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item: Value, index) => sameData(item, (b as readonly Value[])[index], depth + 1));
  if (!isPlainObject(a) || !isPlainObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameData(a[key], b[key], depth + 1));
}
