import { Unknown, type Value, WithheldEnd } from "../engine/index.ts";

/** Stands for what is not known yet in code that Node executes: to look into it, or to make a text or number of it, is a {@link WithheldEnd}. */
export interface Withheld {
  /** Unknown values as code of Node's gets them. */
  outward(value: Value): unknown;
  /** What code of Node's hands back, with the unknown values that it carries. */
  inward(value: unknown): unknown;
}

/** Makes a {@link Withheld}; `mayBe` tells whether anything of the run is not known yet, so that nothing is searched in vain. */
export function createWithheld(mayBe: () => boolean): Withheld {
  const known = new WeakMap<object, Unknown>();
  const standIn = (unknown: Unknown): object => {
    const made = new Proxy(Object.freeze({}), trapsOf(unknown));
    known.set(made, unknown);
    return made;
  };
  return {
    outward: (value) => (mayBe() ? replace(value, (one) => (one instanceof Unknown ? standIn(one) : undefined)) : value),
    inward: (value) => (mayBe() ? replace(value, (one) => known.get(one)) : value),
  };
}

function trapsOf(unknown: Unknown): ProxyHandler<object> {
  const end = (): never => {
    throw new WithheldEnd(unknown);
  };
  // `await` asks every value for `then`.
  return { get: (_, name) => (name === "then" ? undefined : end()), has: end, ownKeys: end, getOwnPropertyDescriptor: end };
}

/** A copy in which `by` replaced what it knows; the value itself where it replaced nothing. */
function replace(value: unknown, by: (one: object) => unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const replaced = by(value);
  if (replaced !== undefined) return replaced;
  if (Array.isArray(value)) return changed(value, value.map((item) => replace(item, by)));
  if (value instanceof Map) {
    const entries = [...value].flat();
    const copies = entries.map((item) => replace(item, by));
    return copies.every((copy, index) => copy === entries[index]) ? value : new Map([...value.keys()].map((_, index) => [copies[2 * index], copies[2 * index + 1]]));
  }
  if (value instanceof Set) {
    const items = [...value];
    const copies = changed(items, items.map((item) => replace(item, by)));
    return copies === items ? value : new Set(copies);
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const fields = Object.values(value);
  const copies = changed(fields, fields.map((field) => replace(field, by)));
  return copies === fields ? value : Object.fromEntries(Object.keys(value).map((name, index) => [name, copies[index]]));
}

function changed(items: readonly unknown[], copies: readonly unknown[]): readonly unknown[] {
  return copies.every((copy, index) => copy === items[index]) ? items : copies;
}
