import { UnsafeInteger } from "../base/index.ts";
import { unsafeInteger } from "./failure.ts";
import { checkLength } from "./limits.ts";
import type { Regexp } from "./regexp.ts";
import { asText } from "./kinds.ts";
import { burn, type Strand } from "./strand.ts";
import { born, derive, mayChange, taint } from "./unknown.ts";
import { Unknown, type Value } from "./value.ts";

type MapMethod = (c: Strand, self: ReadonlyMap<Value, Value>, args: readonly Value[]) => Value;
type SetMethod = (c: Strand, self: ReadonlySet<Value>, args: readonly Value[]) => Value;
type RegexpMethod = (c: Strand, self: Regexp, args: readonly Value[]) => Value;

/** The methods of maps. `keys`, `values` and `entries` give lists: JavaScript's iterators can only be gone through, as these. */
export const MAP_METHODS: { readonly [name: string]: MapMethod } = {
  get: (c, self, [key]) => (key instanceof Unknown ? derive(c, key) : self.get(asKey(key))),
  has: (c, self, [key]) => (key instanceof Unknown ? derive(c, key) : self.has(asKey(key))),
  set: (c, self, [key, value]) => {
    checkLength(self.size + 1, "A map");
    if (key instanceof Unknown) taint(c, self, key);
    else if (mayChange(c, self)) (self as Map<Value, Value>).set(asKey(key), value);
    return self;
  },
  delete: (c, self, [key]) => remove(c, self, key, (known) => (self as Map<Value, Value>).delete(known)),
  keys: (c, self) => listed(c, self.size, self.keys()),
  values: (c, self) => listed(c, self.size, self.values()),
  entries: (c, self) => listed(c, self.size, self.entries()),
};

/** The methods of sets. */
export const SET_METHODS: { readonly [name: string]: SetMethod } = {
  has: (c, self, [key]) => (key instanceof Unknown ? derive(c, key) : self.has(asKey(key))),
  add: (c, self, [key]) => {
    checkLength(self.size + 1, "A set");
    if (key instanceof Unknown) taint(c, self, key);
    else if (mayChange(c, self)) (self as Set<Value>).add(asKey(key));
    return self;
  },
  delete: (c, self, [key]) => remove(c, self, key, (known) => (self as Set<Value>).delete(known)),
  keys: (c, self) => listed(c, self.size, self.keys()),
  values: (c, self) => listed(c, self.size, self.values()),
  entries: (c, self) => listed(c, self.size, self.entries()),
};

/** The methods of regular expressions. */
export const REGEXP_METHODS: { readonly [name: string]: RegexpMethod } = {
  test: (c, self, [text]) => {
    if (text instanceof Unknown) return derive(c, text);
    const known = asText(text, "The argument of test");
    burn(c, 1 + (known.length >> 4));
    return self.test(known);
  },
};

/** A key that can be compared exactly. */
export function asKey(value: Value): Value {
  if (value instanceof UnsafeInteger) throw unsafeInteger("a key");
  return value;
}

function remove(c: Strand, self: object, key: Value, apply: (key: Value) => boolean): Value {
  if (key instanceof Unknown) {
    taint(c, self, key);
    return derive(c, key);
  }
  return mayChange(c, self) ? apply(asKey(key)) : (c.run.taints.get(self) as Value);
}

function listed(c: Strand, size: number, items: Iterable<Value | readonly Value[]>): Value {
  burn(c, size);
  return born(c, [...items] as Value[]);
}
