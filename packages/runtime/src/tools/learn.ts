import { type Data, UnsafeInteger } from "../base/index.ts";
import { isRecord } from "./catalogue.ts";
import { type LearntSchema, type LearntType, looksLikeData, MAX_LEARNT_DEPTH, MAX_LEARNT_FIELDS } from "./learnt-schema.ts";
import { isList } from "./pinned-json.ts";

/**
 * What is known after one more result was seen; `schema` is null before the first. Keeps shapes only, never a value. The
 * order in which results are seen makes no difference.
 */
export function learn(schema: LearntSchema | null, value: Data): LearntSchema {
  const seen = shapeOf(value, 0);
  return schema === null ? seen : mergeLearnt(schema, seen);
}

/** The narrowest schema that whatever conforms to either conforms to. */
export function mergeLearnt(a: LearntSchema, b: LearntSchema): LearntSchema {
  if (a.type === undefined || b.type === undefined) return {};
  const items = mergeOptional(a.items, b.items);
  return {
    type: mergeTypes(a.type, b.type),
    ...(items === undefined ? {} : { items }),
    ...mergeMembers(a, b),
  };
}

function shapeOf(value: Data, depth: number): LearntSchema {
  if (value === null) return { type: ["null"] };
  if (typeof value === "string") return { type: ["string"] };
  if (typeof value === "boolean") return { type: ["boolean"] };
  if (typeof value === "number") return { type: [Number.isInteger(value) ? "integer" : "number"] };
  if (value instanceof UnsafeInteger) return { type: ["integer"] };
  if (depth >= MAX_LEARNT_DEPTH) return {};
  if (isList(value)) {
    const items = value.map((item) => shapeOf(item, depth + 1)).reduce<LearntSchema | undefined>(mergeOptional, undefined);
    return { type: ["array"], ...(items === undefined ? {} : { items }) };
  }
  const members = isRecord(value) ? Object.entries(value).map(([name, member]) => [name, shapeOf(member, depth + 1)] as const) : [];
  return { type: ["object"], ...objectShape(new Map(members), members.map(([name]) => name), undefined) };
}

type Members = Pick<LearntSchema, "properties" | "required" | "additionalProperties">;

/** Puts names that are data, and all names when there are too many, behind `additionalProperties`. */
function objectShape(members: ReadonlyMap<string, LearntSchema>, required: readonly string[], extra: LearntSchema | undefined): Members {
  const properties = new Map<string, LearntSchema>();
  const named = [...members].filter(([name]) => !looksLikeData(name));
  // Once a map, always a map: `extra` without properties says that there were too many names.
  const isMap = named.length > MAX_LEARNT_FIELDS;
  let rest = extra;
  for (const [name, schema] of members) {
    if (isMap || looksLikeData(name)) rest = mergeOptional(rest, schema);
    else properties.set(name, schema);
  }
  const sorted = new Map([...properties].sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    ...(isMap ? {} : { properties: sorted, required: required.filter((name) => sorted.has(name)).sort() }),
    ...(rest === undefined ? {} : { additionalProperties: rest }),
  };
}

function mergeMembers(a: LearntSchema, b: LearntSchema): Members {
  if (!isObject(a)) return membersOf(b);
  if (!isObject(b)) return membersOf(a);
  const rest = mergeOptional(a.additionalProperties, b.additionalProperties);
  const all = new Map(a.properties ?? []);
  for (const [name, schema] of b.properties ?? []) all.set(name, mergeOptional(all.get(name), schema) ?? schema);
  if (a.properties === undefined || b.properties === undefined) {
    const merged = [...all.values()].reduce<LearntSchema | undefined>(mergeOptional, rest);
    return merged === undefined ? {} : { additionalProperties: merged };
  }
  const inB = new Set(b.required);
  return objectShape(all, (a.required ?? []).filter((name) => inB.has(name)), rest);
}

function isObject(schema: LearntSchema): boolean {
  return schema.type?.includes("object") === true;
}

function membersOf(schema: LearntSchema): Members {
  return {
    ...(schema.properties === undefined ? {} : { properties: schema.properties, required: schema.required ?? [] }),
    ...(schema.additionalProperties === undefined ? {} : { additionalProperties: schema.additionalProperties }),
  };
}

function mergeOptional(a: LearntSchema | undefined, b: LearntSchema | undefined): LearntSchema | undefined {
  return a === undefined ? b : b === undefined ? a : mergeLearnt(a, b);
}

function mergeTypes(a: readonly LearntType[], b: readonly LearntType[]): readonly LearntType[] {
  const all = new Set([...a, ...b]);
  if (all.has("number")) all.delete("integer");
  return [...all].sort();
}
