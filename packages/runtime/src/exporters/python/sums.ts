import type { Expression, FunctionNode, Pattern } from "../../program/index.ts";

/** `reduce((sum, item) => sum + term, 0)`: what is added for each item. */
export interface Sum {
  readonly fn: FunctionNode;
  readonly pattern: Pattern;
  readonly term: Expression;
}

/** Whether a `reduce` makes a sum from 0 on: whatever is added, it is a number, or refused. */
export function isSum(e: Extract<Expression, { readonly kind: "method" }>): Sum | null {
  const [callback, first, ...more] = e.args;
  if (e.name !== "reduce" || e.on !== "array" || e.optional === true || more.length > 0 || callback === undefined || first === undefined) return null;
  if ("spread" in callback || callback.kind !== "function" || "spread" in first || first.kind !== "const" || first.value !== 0 || Object.is(first.value, -0)) return null;
  const { fn } = callback;
  const [sum, item, ...others] = fn.parameters;
  const [only, ...rest] = fn.body;
  if (sum?.pattern.kind !== "bind" || sum.fallback !== undefined || item === undefined || item.fallback !== undefined || others.length > 0 || fn.rest !== undefined) return null;
  if (rest.length > 0 || only?.kind !== "return" || only.value?.kind !== "binary" || only.value.operator !== "+") return null;
  const { left, right } = only.value;
  const slot = sum.pattern.slot;
  if (left.kind !== "local" || left.up !== 0 || left.slot !== slot || mentions(right, slot, 0)) return null;
  return { fn, pattern: item.pattern, term: right };
}

/** Whether a local of the function around occurs somewhere below. */
function mentions(node: unknown, slot: number, depth: number): boolean {
  if (typeof node !== "object" || node === null) return false;
  if (Array.isArray(node)) return node.some((one) => mentions(one, slot, depth));
  if ("up" in node && "slot" in node && node.up === depth && node.slot === slot) return true;
  const inner = "parameters" in node ? depth + 1 : depth;
  return Object.entries(node).some(([key, child]) => key !== "value" || !("kind" in node) || node.kind !== "const" ? mentions(child, slot, inner) : false);
}
