import { typeError } from "./failure.ts";
import { article, isPlainObject, setOwn } from "./kinds.ts";
import { checkLength } from "./limits.ts";
import { burn, type Strand } from "./strand.ts";
import { derive, unknownOf } from "./unknown.ts";
import { Unknown, type Value } from "./value.ts";

/** What `for…of` and spreads go through, as it is now; an unknown stands for a content that is not known. */
export function elementsOf(c: Strand, value: Value, use: string): readonly Value[] | Unknown {
  const unknown = unknownOf(c, value);
  if (unknown !== null) return derive(c, unknown);
  if (Array.isArray(value)) return value as readonly Value[];
  if (typeof value === "string" || value instanceof Map || value instanceof Set) {
    burn(c, typeof value === "string" ? value.length : value.size);
    return [...(value as Iterable<Value>)];
  }
  throw typeError(`${use} takes an array, map, set or string, not ${article(value)}.`);
}

/** An argument list, or the items of an array literal: `spread[i]` says which values are spread. */
export function spreadAll(c: Strand, values: readonly Value[], spread: readonly boolean[]): Value[] | Unknown {
  const all: Value[] = [];
  for (let index = 0; index < values.length; index++) {
    if (spread[index] !== true) {
      all.push(values[index]);
      continue;
    }
    const elements = elementsOf(c, values[index], "A spread");
    if (elements instanceof Unknown) return elements;
    checkLength(all.length + elements.length, "A list");
    burn(c, elements.length);
    for (const element of elements) all.push(element);
  }
  return all;
}

/** Copies the own properties of `source` as an object literal's spread does; an unknown source makes the whole unknown. */
export function copyProperties(c: Strand, target: { [key: string]: Value }, source: Value): Unknown | null {
  if (source === null || source === undefined) return null;
  const unknown = unknownOf(c, source);
  if (unknown !== null) return derive(c, unknown);
  if (!isPlainObject(source)) throw typeError(`An object can spread objects, not ${article(source)}.`);
  const keys = Object.keys(source);
  burn(c, keys.length);
  for (const key of keys) setOwn(target, key, source[key]);
  return null;
}
