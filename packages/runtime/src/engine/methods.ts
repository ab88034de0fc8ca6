import { typeError } from "./failure.ts";
import { article, kindOf } from "./kinds.ts";
import { ARRAY_METHODS } from "./methods-array.ts";
import { MAP_METHODS, REGEXP_METHODS, SET_METHODS } from "./methods-keyed.ts";
import { callStringMethod, STRING_METHODS } from "./methods-string.ts";
import { Regexp } from "./regexp.ts";
import { burn, type Strand } from "./strand.ts";
import { derive, unknownOf } from "./unknown.ts";
import type { Value } from "./value.ts";

/** A method call on an evaluated receiver. */
export type Method = (c: Strand, self: Value, args: readonly Value[]) => Value;

/** Finds the method of that name for whatever its receiver turns out to be. */
export function methodCaller(name: string): Method {
  const ofString = own(STRING_METHODS, name);
  const ofArray = own(ARRAY_METHODS, name);
  const ofMap = own(MAP_METHODS, name);
  const ofSet = own(SET_METHODS, name);
  const ofRegexp = own(REGEXP_METHODS, name);
  return (c, self, args) => {
    if (typeof self === "string" && ofString !== undefined) return callStringMethod(c, ofString, self, args);
    const unknown = unknownOf(c, self);
    if (unknown !== null) return derive(c, unknown);
    burn(c, 1);
    if (ofArray !== undefined && Array.isArray(self)) return ofArray(c, self as readonly Value[], args);
    if (ofMap !== undefined && self instanceof Map) return ofMap(c, self, args);
    if (ofSet !== undefined && self instanceof Set) return ofSet(c, self, args);
    if (ofRegexp !== undefined && self instanceof Regexp) return ofRegexp(c, self, args);
    if (self === null || self === undefined) throw typeError(`Cannot call ${name} of ${kindOf(self)}.`);
    throw typeError(`${article(self)} has no method ${name}.`);
  };
}

function own<T>(table: { readonly [name: string]: T }, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
