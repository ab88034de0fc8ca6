import { typeError } from "./failure.ts";
import { asCallback, callBack, type Closure } from "./functions.ts";
import { article, asNumber, asOptionalNumber, asText } from "./kinds.ts";
import { checkDepth, checkLength, checkSize } from "./limits.ts";
import { isSame, isTrue, templatePart } from "./operators.ts";
import { burn, type Strand } from "./strand.ts";
import { born, derive, mayChange, unknownOf } from "./unknown.ts";
import { Unknown, type Value } from "./value.ts";

type List = readonly Value[];
type ArrayMethod = (c: Strand, self: List, args: readonly Value[]) => Value;

/** The methods of arrays. Tool results are frozen: `push` on one is a TYPE_ERROR. */
export const ARRAY_METHODS: { readonly [name: string]: ArrayMethod } = {
  map: (c, self, [fn]) => {
    const callback = asCallback(fn, "The argument of map");
    const result = new Array<Value>(self.length);
    for (let index = 0; index < self.length; index++) result[index] = callBack(callback, c, self[index], index, self);
    return born(c, result);
  },
  filter,
  find: (c, self, [fn]) => search(c, self, fn, "find", 1, (index) => self[index], undefined),
  findLast: (c, self, [fn]) => search(c, self, fn, "findLast", -1, (index) => self[index], undefined),
  findIndex: (c, self, [fn]) => search(c, self, fn, "findIndex", 1, (index) => index, -1),
  some: (c, self, [fn]) => search(c, self, fn, "some", 1, () => true, false),
  every,
  flatMap: (c, self, [fn]) => {
    const callback = asCallback(fn, "The argument of flatMap");
    return flatten(c, self.map((item, index) => callBack(callback, c, item, index, self)), 1);
  },
  flat: (c, self, [depth]) => withKnown(c, [depth], () => flatten(c, self, Math.min(asOptionalNumber(depth, "The depth of flat") ?? 1, 257))),
  reduce,
  includes: (c, self, [item, from]) => withKnown(c, [from], () => includes(c, self, item, from)),
  indexOf: (c, self, [item, from]) => withKnown(c, [from], () => indexOf(c, self, item, from)),
  join: (c, self, [separator]) => withKnown(c, [separator], () => joined(c, self, separator === undefined ? "," : asText(separator, "The separator of join"))),
  slice: (c, self, [from, to]) =>
    withKnown(c, [from, to], () => {
      burn(c, self.length);
      return born(c, self.slice(asOptionalNumber(from, "The start of slice"), asOptionalNumber(to, "The end of slice")));
    }),
  concat,
  at: (c, self, [index]) => withKnown(c, [index], () => self.at(asNumber(index, "The argument of at"))),
  push,
  toSorted,
  toReversed: (c, self) => {
    burn(c, self.length);
    return born(c, self.toReversed());
  },
};

/** Runs `use` when the arguments that decide about the whole are known. */
function withKnown(c: Strand, args: readonly Value[], use: () => Value): Value {
  const unknown = args.filter((arg) => arg instanceof Unknown);
  return unknown.length === 0 ? use() : derive(c, ...unknown);
}

function filter(c: Strand, self: List, [fn]: readonly Value[]): Value {
  const callback = asCallback(fn, "The argument of filter");
  const result: Value[] = [];
  const unknown: Unknown[] = [];
  for (let index = 0; index < self.length; index++) {
    const item = self[index];
    const answer = callBack(callback, c, item, index, self);
    if (answer instanceof Unknown) unknown.push(answer);
    else if (isTrue(answer)) result.push(item);
  }
  return unknown.length === 0 ? born(c, result) : derive(c, ...unknown);
}

/** The first item for which the callback holds; what comes after an unknown answer cannot be told. */
function search(c: Strand, self: List, fn: Value, name: string, step: 1 | -1, found: (index: number) => Value, none: Value): Value {
  const callback = asCallback(fn, `The argument of ${name}`);
  const unknown: Unknown[] = [];
  for (let index = step === 1 ? 0 : self.length - 1; index >= 0 && index < self.length; index += step) {
    const answer = callBack(callback, c, self[index], index, self);
    if (answer instanceof Unknown) unknown.push(answer);
    else if (isTrue(answer)) return unknown.length === 0 || name === "some" ? found(index) : derive(c, ...unknown);
  }
  return unknown.length === 0 ? none : derive(c, ...unknown);
}

function every(c: Strand, self: List, [fn]: readonly Value[]): Value {
  const callback = asCallback(fn, "The argument of every");
  const unknown: Unknown[] = [];
  for (let index = 0; index < self.length; index++) {
    const answer = callBack(callback, c, self[index], index, self);
    if (answer instanceof Unknown) unknown.push(answer);
    else if (!isTrue(answer)) return false;
  }
  return unknown.length === 0 ? true : derive(c, ...unknown);
}

function flatten(c: Strand, list: List, depth: number): Value {
  const result: Value[] = [];
  const unknown: Unknown[] = [];
  const add = (items: List, left: number, level: number): void => {
    checkDepth(level);
    burn(c, items.length);
    for (const item of items) {
      const whole = unknownOf(c, item);
      if (whole !== null) unknown.push(whole);
      else if (Array.isArray(item) && left >= 1) add(item as List, left - 1, level + 1);
      else result.push(item);
    }
    checkLength(result.length, "A flattened list");
  };
  add(list, depth, 1);
  return unknown.length === 0 ? born(c, result) : derive(c, ...unknown);
}

function reduce(c: Strand, self: List, args: readonly Value[]): Value {
  const callback = asCallback(args[0], "The argument of reduce");
  if (args.length < 2 && self.length === 0) throw typeError("reduce of an empty array needs a first value.");
  let result = args.length < 2 ? self[0] : args[1];
  for (let index = args.length < 2 ? 1 : 0; index < self.length; index++) result = callBack(callback, c, result, self[index], index, self);
  return result;
}

/** `includes` finds NaN, `indexOf` does not; an unknown item may be any. */
function includes(c: Strand, self: List, item: Value, from: Value): Value {
  return lookFor(c, self, item, from, "includes", (one) => isSame(one, item) || (Number.isNaN(one) && Number.isNaN(item)), () => true, false);
}

function indexOf(c: Strand, self: List, item: Value, from: Value): Value {
  return lookFor(c, self, item, from, "indexOf", (one) => isSame(one, item), (index) => index, -1);
}

function lookFor(c: Strand, self: List, item: Value, from: Value, name: string, equals: (one: Value) => boolean, found: (index: number) => Value, none: Value): Value {
  const start = Math.trunc(asOptionalNumber(from, `The start of ${name}`) ?? 0) || 0;
  burn(c, self.length);
  const unknown: Unknown[] = item instanceof Unknown && self.length > 0 ? [item] : [];
  for (let index = start < 0 ? Math.max(0, self.length + start) : start; index < self.length; index++) {
    const one = self[index];
    if (one instanceof Unknown) unknown.push(one);
    else if (!(item instanceof Unknown) && equals(one)) return unknown.length === 0 || name === "includes" ? found(index) : derive(c, ...unknown);
  }
  return unknown.length === 0 ? none : derive(c, ...unknown);
}

function joined(c: Strand, self: List, separator: string): Value {
  const unknown = self.filter((item) => item instanceof Unknown);
  if (unknown.length > 0) return derive(c, ...unknown);
  burn(c, self.length);
  let size = separator.length * Math.max(0, self.length - 1);
  const parts = self.map((item) => {
    if (typeof item === "object" && item !== null && Array.isArray(item)) throw typeError("join takes strings, numbers and booleans, not an array: flat() first.");
    const part = item === null || item === undefined ? "" : templatePart(item);
    size += part.length;
    checkSize(size, "The result of join");
    return part;
  });
  checkSize(size, "The result of join");
  return parts.join(separator);
}

function concat(c: Strand, self: List, args: readonly Value[]): Value {
  const result = [...self];
  for (const arg of args) {
    const unknown = unknownOf(c, arg);
    if (unknown !== null) return derive(c, unknown);
    if (Array.isArray(arg)) {
      checkLength(result.length + arg.length, "The result of concat");
      for (const item of arg as List) result.push(item);
    } else result.push(arg);
  }
  burn(c, result.length);
  return born(c, result);
}

function push(c: Strand, self: List, args: readonly Value[]): Value {
  if (Object.isFrozen(self)) throw typeError("push cannot change what a tool returned: make a list of your own ([...list, item]).");
  checkLength(self.length + args.length, "A list");
  if (!mayChange(c, self)) return c.run.taints.get(self) as Value;
  return (self as Value[]).push(...args);
}

class UnknownOrder {
  readonly value: Unknown;
  constructor(value: Unknown) {
    this.value = value;
  }
}

function toSorted(c: Strand, self: List, [fn]: readonly Value[]): Value {
  const callback = asCallback(fn, "The comparator of toSorted");
  burn(c, self.length);
  try {
    return born(c, self.toSorted((a, b) => order(c, callback, a, b)));
  } catch (thrown) {
    if (thrown instanceof UnknownOrder) return derive(c, thrown.value);
    throw thrown;
  }
}

function order(c: Strand, callback: Closure, a: Value, b: Value): number {
  const answer = callBack(callback, c, a, b);
  if (answer instanceof Unknown) throw new UnknownOrder(answer);
  if (typeof answer !== "number") throw typeError(`The comparator of toSorted must return a number, not ${article(answer)}.`);
  return answer;
}
