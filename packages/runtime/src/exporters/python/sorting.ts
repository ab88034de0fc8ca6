import type { Expression, FunctionNode, Pattern } from "../../program/index.ts";

type Method = Extract<Expression, { readonly kind: "method" }>;

/** A comparator that only looks at the same thing of both: what that is, and in which order. */
export interface SortKey {
  /** The comparator, taking only its first parameter and giving the key. */
  readonly fn: FunctionNode;
  readonly key: Expression;
  readonly reverse: boolean;
  /** It subtracts, which is for numbers alone; else it compares. */
  readonly subtracts: boolean;
}

/** The key by which a `toSorted` sorts: `(a, b) => a.n - b.n`, `(a, b) => (a.n < b.n ? -1 : a.n > b.n ? 1 : 0)`. */
export function sortKey(e: Method): SortKey | null {
  const [comparator, ...more] = e.args;
  if (e.name !== "toSorted" || e.on !== "array" || e.optional === true || more.length > 0 || comparator === undefined || "spread" in comparator || comparator.kind !== "function") return null;
  const { fn } = comparator;
  const [a, b, ...others] = fn.parameters;
  const [only, ...rest] = fn.body;
  if (a === undefined || b === undefined || others.length > 0 || fn.rest !== undefined || a.fallback !== undefined || b.fallback !== undefined || rest.length > 0 || only?.kind !== "return" || only.value === undefined) return null;
  const shape = shapeOf(a.pattern);
  if (shape !== shapeOf(b.pattern) || shape.includes('"fallback"')) return null;
  const sides: Sides = { a: slotsOf(a.pattern), b: slotsOf(b.pattern) };
  const found = only.value.kind === "binary" && only.value.operator === "-" ? ofDifference(only.value, sides) : ofComparison(only.value, sides);
  if (found === null) return null;
  return { fn: { ...fn, parameters: [a], body: [{ kind: "return", value: found.key }] }, ...found };
}

interface Sides {
  readonly a: readonly number[];
  readonly b: readonly number[];
}
type Found = Pick<SortKey, "key" | "reverse" | "subtracts">;

function ofDifference({ left, right }: Extract<Expression, { readonly kind: "binary" }>, sides: Sides): Found | null {
  const pair = sameOfBoth(left, right, sides);
  return pair === null ? null : { ...pair, subtracts: true };
}

/** Nested conditions over `<` and `>` of the same two. */
function ofComparison(e: Expression, sides: Sides): Found | null {
  if (e.kind !== "conditional") return null;
  const first = lessOf(e.test, sides);
  const then = signOf(e.then);
  if (first === null || then === null || then === 0) return null;
  // `first.less`: it holds where the first is less than the second.
  const reverse = first.less === (then === 1);
  const last = signOf(e.otherwise);
  // Of two that are equal the comparator says that they are in their order.
  if (last !== null) return then === -1 && last === 1 ? { key: first.key, reverse, subtracts: false } : null;
  if (e.otherwise.kind !== "conditional") return null;
  const second = lessOf(e.otherwise.test, sides);
  const isOther = second !== null && second.less !== first.less && canonical(second.key, sides.a) === canonical(first.key, sides.a);
  return isOther && signOf(e.otherwise.then) === -then && signOf(e.otherwise.otherwise) === 0 ? { key: first.key, reverse, subtracts: false } : null;
}

function lessOf(e: Expression, sides: Sides): { readonly key: Expression; readonly less: boolean } | null {
  if (e.kind !== "binary" || (e.operator !== "<" && e.operator !== ">")) return null;
  const pair = sameOfBoth(e.left, e.right, sides);
  return pair === null ? null : { key: pair.key, less: (e.operator === "<") !== pair.reverse };
}

function signOf(e: Expression): -1 | 0 | 1 | null {
  const value = e.kind === "unary" && e.operator === "-" && e.value.kind === "const" && typeof e.value.value === "number" ? -e.value.value : e.kind === "const" ? e.value : null;
  return value === -1 ? -1 : value === 1 ? 1 : value === 0 ? 0 : null;
}

/** The key of the first, where both sides ask the same of one parameter each. `reverse`: the second one stands first. */
function sameOfBoth(left: Expression, right: Expression, { a, b }: Sides): { readonly key: Expression; readonly reverse: boolean } | null {
  for (const reverse of [false, true]) {
    const [first, second] = reverse ? [right, left] : [left, right];
    const key = canonical(first, a);
    if (key !== null && key.includes('"key#') && key === canonical(second, b)) return { key: first, reverse };
  }
  return null;
}

/** An expression as a text in which the locals of one parameter are numbered; null where it has the other one's, or may do more than look. */
function canonical(e: Expression, slots: readonly number[]): string | null {
  let looks = true;
  const text = JSON.stringify(e, (name, value: unknown) => {
    if (name === "at" || typeof value !== "object" || value === null || !("kind" in value)) return name === "at" ? undefined : value;
    const node = value as Expression;
    if (node.kind === "local" && node.up === 0) {
      const place = slots.indexOf(node.slot);
      if (place === -1) looks = false;
      return `key#${String(place)}`;
    }
    if (!LOOKS.has(node.kind) || (node.kind === "method" && !LOOKING.has(node.name)) || (node.kind === "builtin" && !TURNS.has(node.name))) looks = false;
    return value;
  });
  return looks ? text : null;
}

const LOOKS: ReadonlySet<string> = new Set(["const", "undefined", "local", "global", "get", "index", "chain", "logical", "method", "builtin"]);
const LOOKING: ReadonlySet<string> = new Set(["at", "get", "trim", "toLowerCase", "toUpperCase"]);
const TURNS: ReadonlySet<string> = new Set(["time", "Number", "String"]);

function slotsOf(pattern: Pattern): readonly number[] {
  switch (pattern.kind) {
    case "bind": return [pattern.slot];
    case "object": return pattern.properties.flatMap((one) => slotsOf(one.pattern));
    case "array": return pattern.elements.flatMap((one) => (one === null ? [] : slotsOf(one.pattern)));
  }
}

/** A pattern as a text without its slots. */
function shapeOf(pattern: Pattern): string {
  return JSON.stringify(pattern, (name, value: unknown) => (name === "slot" || name === "at" ? undefined : value));
}
