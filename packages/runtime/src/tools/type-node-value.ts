import { type FieldType, unionOfTypes, type ValueType } from "../base/index.ts";
import type { Declaration } from "./declarations.ts";
import { isUnknown, type TypeNode } from "./type-node.ts";

/** More parts are merged into one object only where somebody reads them. */
const MAX_DEPTH = 8;

/** Where the names of a type lead to. */
export interface TypeScope {
  readonly server: string;
  readonly declarations: ReadonlyMap<string, Declaration>;
}

/** A type of TypeScript in no language's words. Intersections become the one object that they describe. */
export function valueTypeOf(node: TypeNode, scope: TypeScope): ValueType {
  const next = (inner: TypeNode): ValueType => valueTypeOf(inner, scope);
  switch (node.kind) {
    case "keyword": return { kind: node.name };
    case "literal": return { kind: "literal", value: node.value };
    case "name": return scope.declarations.has(node.name) ? { kind: "named", from: "server", server: scope.server, name: node.name } : { kind: "any" };
    case "text": return node.type ?? { kind: "any" };
    case "array": return { kind: "array", items: next(node.items) };
    case "tuple": {
      const isFixed = node.rest === undefined && node.required === node.items.length;
      return isFixed ? { kind: "tuple", items: node.items.map(next) } : { kind: "array", items: unionOfTypes([...node.items, ...(node.rest === undefined ? [] : [node.rest])].map(next)) };
    }
    case "object": return {
      kind: "object",
      fields: node.members.map(({ name, optional, type, doc }): FieldType => ({ name, ...(optional ? { optional } : {}), type: next(type), ...(doc === undefined ? {} : { doc }) })),
      ...(node.index === undefined ? {} : { index: next(node.index) }),
    };
    case "union": return unionOfTypes(node.parts.map(next));
    case "intersection": return merged(node.parts, scope);
  }
}

/** What all of these say together: the members of all. Where one says something else than an object, it is that one. */
function merged(parts: readonly TypeNode[], scope: TypeScope): ValueType {
  const objects = parts.map((part) => objectOf(valueTypeOf(part, scope), scope, 0));
  const other = parts.find((part, index) => objects[index] === null && !isUnknown(part));
  if (other !== undefined) return valueTypeOf(other, scope);
  return mergeObjects(objects.filter((object) => object !== null), "all");
}

type ObjectType = Extract<ValueType, { readonly kind: "object" }>;

/** The object that a type is: through names, and with the members of all parts of a union; null when it may be something else. */
export function objectOf(type: ValueType, scope: TypeScope, depth = 0): ObjectType | null {
  if (depth > MAX_DEPTH) return null;
  if (type.kind === "object") return type;
  if (type.kind === "union") {
    const parts = type.parts.map((part) => objectOf(part, scope, depth + 1));
    return parts.every((part) => part !== null) ? mergeObjects(parts, "any") : null;
  }
  const declared = type.kind === "named" && type.from === "server" ? scope.declarations.get(type.name) : undefined;
  return declared === undefined ? null : objectOf(valueTypeOf(declared.type, scope), scope, depth + 1);
}

/** `all`: a member that one of them must have is there. `any`: only one that each of them must have. */
function mergeObjects(objects: readonly ObjectType[], of: "all" | "any"): ObjectType {
  const names = [...new Set(objects.flatMap(({ fields }) => fields.map(({ name }) => name)))];
  const fields = names.map((name): FieldType => {
    const found = objects.flatMap((object) => object.fields.filter((field) => field.name === name));
    const isOptional = of === "all" ? found.every(({ optional }) => optional === true) : found.length < objects.length || found.some(({ optional }) => optional === true);
    const types = found.map(({ type }) => type).filter(({ kind }) => of === "any" || (kind !== "unknown" && kind !== "any"));
    const doc = found.find((field) => field.doc !== undefined)?.doc;
    const [first] = types;
    const type: ValueType = of === "any" ? unionOfTypes(types) : (first ?? { kind: "unknown" });
    return { name, ...(isOptional ? { optional: true as const } : {}), type, ...(doc === undefined ? {} : { doc }) };
  });
  const indexes = objects.flatMap(({ index }) => (index === undefined ? [] : [index]));
  return { kind: "object", fields, ...(indexes.length === 0 ? {} : { index: unionOfTypes(indexes) }) };
}
