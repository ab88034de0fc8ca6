import type { ValueType } from "../base/index.ts";

/** A TypeScript type as data: what schemas become before anything is printed. A closed union. */
export type TypeNode =
  | { readonly kind: "keyword"; readonly name: "unknown" | "string" | "number" | "boolean" | "null" | "never" }
  | { readonly kind: "literal"; readonly value: string | number | boolean }
  /** A declaration beside it, or a name that is imported. */
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "array"; readonly items: TypeNode }
  | { readonly kind: "tuple"; readonly items: readonly TypeNode[]; readonly required: number; readonly rest?: TypeNode }
  | { readonly kind: "object"; readonly members: readonly TypeMember[]; readonly index?: TypeNode }
  | { readonly kind: "union"; readonly parts: readonly TypeNode[] }
  | { readonly kind: "intersection"; readonly parts: readonly TypeNode[] }
  /** Text of TypeScript, as its checker printed it, and the same in no language's words. Never made from what a server says. */
  | { readonly kind: "text"; readonly text: string; readonly type?: ValueType };

/** A member of an object type. */
export interface TypeMember {
  readonly name: string;
  readonly optional: boolean;
  readonly type: TypeNode;
  /** What its server says of it; escaped when printed. */
  readonly doc?: string;
}

/** The type of what nobody described. */
export const UNKNOWN: TypeNode = { kind: "keyword", name: "unknown" };

/** The union, flattened and without repetition. `unknown` swallows the rest; no parts are `never`. */
export function unionOf(parts: readonly TypeNode[]): TypeNode {
  const flat = parts.flatMap((part) => (part.kind === "union" ? part.parts : [part]));
  if (flat.some(isUnknown)) return UNKNOWN;
  const distinct = [...new Map(flat.map((part) => [JSON.stringify(part), part])).values()];
  const [only] = distinct;
  if (only === undefined) return { kind: "keyword", name: "never" };
  return distinct.length === 1 ? only : { kind: "union", parts: distinct };
}

/** The intersection, flattened and without repetition. `unknown` says nothing and is left out. */
export function intersectionOf(parts: readonly TypeNode[]): TypeNode {
  const flat = parts.flatMap((part) => (part.kind === "intersection" ? part.parts : [part])).filter((part) => !isUnknown(part));
  const distinct = [...new Map(flat.map((part) => [JSON.stringify(part), part])).values()];
  const [only] = distinct;
  if (only === undefined) return UNKNOWN;
  return distinct.length === 1 ? only : { kind: "intersection", parts: distinct };
}

/** True for the type that says nothing. */
export function isUnknown(node: TypeNode): boolean {
  return node.kind === "keyword" && node.name === "unknown";
}
