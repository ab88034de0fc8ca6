import { type DataPath, parseDataPath } from "offstage/base";

/** What may name further members than `properties` does. */
const OPEN = ["$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "patternProperties", "dependentSchemas"];

/** Whether a tool's schema names its arguments and none at this path. What cannot be told is none that is lacking. */
export function lacksArgument(schema: unknown, path: string): boolean {
  return lacks(schema, parseDataPath(path) ?? []);
}

function lacks(schema: unknown, [segment, ...rest]: DataPath): boolean {
  if (segment === undefined || !isSchema(schema) || OPEN.some((word) => Object.hasOwn(schema, word))) return false;
  if (segment.kind === "items") return lacks(schema["items"], rest);
  const { properties } = schema;
  if (segment.kind === "anywhere" || !isSchema(properties)) return false;
  return Object.hasOwn(properties, segment.name) ? lacks(properties[segment.name], rest) : true;
}

function isSchema(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
