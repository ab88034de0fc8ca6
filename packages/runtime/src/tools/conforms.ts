import { type Data, UnsafeInteger } from "../base/index.ts";
import { isRecord } from "./catalogue.ts";
import { type LearntSchema, type LearntType, looksLikeData } from "./learnt-schema.ts";
import { isList } from "./pinned-json.ts";
import { propertyName } from "./print-type.ts";

/** No more paths than this are told. */
const MAX_PATHS = 20;

/**
 * Where a result is something else than was learnt (a member that always was there is missing, a text is a number): paths
 * as in `sensitive`, `items[].user.login`, the empty one for the whole result. None when it conforms. New members are no
 * mismatch: nothing that worked stops working. For a warning; what runs never depends on it.
 */
export function conforms(schema: LearntSchema, value: Data): readonly string[] {
  const paths = new Set<string>();
  compare(schema, value, "", paths);
  return [...paths];
}

function compare(schema: LearntSchema, value: Data, path: string, paths: Set<string>): void {
  if (schema.type === undefined || paths.size >= MAX_PATHS) return;
  if (!typesOf(value).some((type) => schema.type?.includes(type))) {
    paths.add(path);
  } else if (isList(value)) {
    if (schema.items !== undefined) for (const item of value) compare(schema.items, item, `${path}[]`, paths);
  } else if (isRecord(value)) {
    for (const name of schema.required ?? []) {
      if (!Object.hasOwn(value, name) && paths.size < MAX_PATHS) paths.add(memberPath(path, name));
    }
    for (const [name, member] of Object.entries(value)) {
      // A name that is part of the shape is not one of the map beside it.
      const isData = schema.properties === undefined || looksLikeData(name);
      const expected = isData ? schema.additionalProperties : schema.properties.get(name);
      if (expected !== undefined) compare(expected, member, memberPath(path, name), paths);
    }
  }
}

function memberPath(path: string, name: string): string {
  const written = propertyName(name);
  if (written !== name) return `${path}[${written}]`;
  return path === "" ? name : `${path}.${name}`;
}

function typesOf(value: Data): readonly LearntType[] {
  if (value === null) return ["null"];
  if (isList(value)) return ["array"];
  if (value instanceof UnsafeInteger) return ["integer", "number"];
  if (typeof value === "number") return Number.isInteger(value) ? ["integer", "number"] : ["number"];
  return [typeof value === "string" ? "string" : typeof value === "boolean" ? "boolean" : "object"];
}
