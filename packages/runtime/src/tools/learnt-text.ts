import type { Data, Diagnostic } from "../base/index.ts";
import { field, isRecord } from "./catalogue.ts";
import { type DocumentReader, readDocument } from "./document-reader.ts";
import type { JsonPath } from "./json-place.ts";
import { type Learnt, NOTHING_LEARNT } from "./learnt.ts";
import { type LearntSchema, type LearntType, MAX_LEARNT_DEPTH } from "./learnt-schema.ts";
import { isList, printSorted } from "./pinned-json.ts";

const HINT = "offstage.learnt.json is generated: delete it, and learn again with `offstage call server.tool`.";
const TYPES: readonly LearntType[] = ["array", "boolean", "integer", "null", "number", "object", "string"];

/** The one text of what was learnt: members sorted, the same for the same schemas, whatever order they were learnt in. */
export function printLearnt(learnt: Learnt): string {
  const servers = [...learnt.servers].map(([server, tools]) => {
    const entries = [...tools].map(([tool, cases]) => [tool, Object.fromEntries([...cases].map(([name, schema]) => [name, learntData(schema)]))] as const);
    return [server, Object.fromEntries(entries)] as const;
  });
  return printSorted({ version: learnt.version, servers: Object.fromEntries(servers) });
}

/** A learnt schema as the JSON Schema that it is. */
export function learntData(schema: LearntSchema): { readonly [keyword: string]: Data } {
  const { type, items, properties, required, additionalProperties } = schema;
  return {
    ...(type === undefined ? {} : { type: type.length === 1 ? (type[0] ?? null) : type }),
    ...(items === undefined ? {} : { items: learntData(items) }),
    ...(properties === undefined ? {} : { properties: Object.fromEntries([...properties].map(([name, property]) => [name, learntData(property)])) }),
    ...(required === undefined || required.length === 0 ? {} : { required }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: learntData(additionalProperties) }),
  };
}

/** Reads `offstage.learnt.json`. Never throws: faults are `LOCK_INVALID` diagnostics with line and column. */
export function parseLearnt(text: string, file = "offstage.learnt.json"): { readonly learnt: Learnt; readonly diagnostics: readonly Diagnostic[] } {
  const reader = readDocument(text, file, HINT);
  if (reader.root === undefined) return { learnt: NOTHING_LEARNT, diagnostics: reader.diagnostics };
  const version = field(reader.root, "version");
  if (version !== 1) {
    reader.fault(["version"], typeof version === "number" && version > 1 ? "is of a newer Offstage: update it" : "must be 1");
    return { learnt: NOTHING_LEARNT, diagnostics: reader.diagnostics };
  }
  const servers = reader.members(field(reader.root, "servers"), ["servers"]).map(([server, tools]) => {
    const at = ["servers", server];
    return [server, new Map(reader.members(tools, at).map(([tool, cases]) => [tool, readCases(reader, cases, [...at, tool])] as const))] as const;
  });
  return { learnt: { version: 1, servers: new Map(servers) }, diagnostics: reader.diagnostics };
}

function readCases(reader: DocumentReader, value: Data, path: JsonPath): ReadonlyMap<string, LearntSchema> {
  return new Map(reader.members(value, path).map(([name, schema]) => [name, readSchema(reader, schema, [...path, name], 0)] as const));
}

function readSchema(reader: DocumentReader, value: Data, path: JsonPath, depth: number): LearntSchema {
  if (!isRecord(value)) reader.fault(path, "must be a schema");
  if (depth > MAX_LEARNT_DEPTH) return {};
  const type = readTypes(reader, value, path);
  if (type === undefined) return {};
  const below = (name: string): LearntSchema | undefined => {
    const schema = field(value, name);
    return schema === undefined ? undefined : readSchema(reader, schema, [...path, name], depth + 1);
  };
  const items = below("items");
  const additionalProperties = below("additionalProperties");
  const listed = field(value, "properties");
  const properties = listed === undefined ? undefined : reader.members(listed, [...path, "properties"]);
  const required = field(value, "required");
  const names = new Set(required === undefined ? [] : reader.items(required, [...path, "required"]));
  return {
    type,
    ...(items === undefined ? {} : { items }),
    ...(properties === undefined ? {} : {
      properties: new Map(properties.map(([name, schema]) => [name, readSchema(reader, schema, [...path, "properties", name], depth + 1)] as const).sort(([a], [b]) => (a < b ? -1 : 1))),
      required: properties.map(([name]) => name).filter((name) => names.has(name)).sort(),
    }),
    ...(additionalProperties === undefined ? {} : { additionalProperties }),
  };
}

/** Absent: anything. */
function readTypes(reader: DocumentReader, value: Data, path: JsonPath): readonly LearntType[] | undefined {
  const type = field(value, "type");
  if (type === undefined) return undefined;
  const listed = isList(type) ? type : [type];
  const known = TYPES.filter((name) => listed.includes(name));
  if (known.length === listed.length && known.length > 0) return known;
  reader.fault([...path, "type"], `must be of ${TYPES.join(", ")}`);
  return undefined;
}
