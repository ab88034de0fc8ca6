import type { LearntSchema, LearntType } from "./learnt-schema.ts";
import { type TypeNode, unionOf, UNKNOWN } from "./type-node.ts";

/** A learnt schema as a type. `unseen` is the type of items of lists that were always empty. */
export function learntType(schema: LearntSchema, unseen: TypeNode): TypeNode {
  return schema.type === undefined ? UNKNOWN : unionOf(schema.type.map((type) => typeFor(type, schema, unseen)));
}

function typeFor(type: LearntType, schema: LearntSchema, unseen: TypeNode): TypeNode {
  switch (type) {
    case "integer":
      return { kind: "keyword", name: "number" };
    case "array":
      return { kind: "array", items: schema.items === undefined ? unseen : learntType(schema.items, unseen) };
    case "object":
      return objectType(schema, unseen);
    case "boolean":
    case "null":
    case "number":
    case "string":
      return { kind: "keyword", name: type };
  }
}

function objectType(schema: LearntSchema, unseen: TypeNode): TypeNode {
  const required = new Set(schema.required);
  const members = [...(schema.properties ?? [])].map(([name, property]) => ({ name, optional: !required.has(name), type: learntType(property, unseen) }));
  const index = schema.additionalProperties === undefined ? undefined : learntType(schema.additionalProperties, unseen);
  if (index !== undefined) return { kind: "object", members, index };
  return members.length === 0 ? { kind: "object", members, index: UNKNOWN } : { kind: "object", members };
}

/** The schema of the items of the list that `path` leads to; undefined when no item was seen there. */
export function learntItems(schema: LearntSchema, path: readonly string[]): LearntSchema | undefined {
  const list = path.reduce<LearntSchema | undefined>((at, name) => at?.properties?.get(name), schema);
  return list?.items;
}
