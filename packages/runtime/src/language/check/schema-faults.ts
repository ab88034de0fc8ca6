import type { Json, JsonObject } from "../../base/index.ts";
import { compileRegex, RegexFault } from "../../regexp/index.ts";
import { formatFault } from "./formats.ts";
import type { PartialValue } from "./partial-value.ts";

/** Where a value is certainly not what a schema wants, and what is wrong there. */
export interface SchemaFault {
  readonly at: number;
  /** `labels[2]`; empty for the whole. */
  readonly path: string;
  readonly message: string;
  /** `typed`: TypeScript sees it too, from the generated types. `advised`: many servers do not look at it (`format`). */
  readonly kind: "typed" | "asserted" | "advised";
}

const MAX_DEPTH = 30;

/**
 * What a value breaks of a JSON Schema for sure: of what is not known nothing is said. Keywords that are not understood
 * demand nothing.
 */
export function schemaFaults(schema: JsonObject, value: PartialValue): readonly SchemaFault[] {
  return faultsOf(schema, schema, value, "", 0);
}

function faultsOf(root: JsonObject, schema: Json | undefined, value: PartialValue, path: string, depth: number): readonly SchemaFault[] {
  const fault = (message: string, kind: SchemaFault["kind"] = "asserted"): readonly SchemaFault[] => [{ at: value.at, path, message, kind }];
  if (schema === false) return fault("must not be given", "typed");
  if (!isObject(schema) || depth > MAX_DEPTH || value.kind === "unknown") return [];
  const target = typeof schema["$ref"] === "string" ? refTarget(root, schema["$ref"]) : undefined;
  const wrongType = typeFault(schema["type"], value);
  if (wrongType !== null) return fault(wrongType, "typed");
  return [
    ...(target === undefined ? [] : faultsOf(root, target, value, path, depth + 1)),
    ...choiceFault(schema, value).flatMap((message) => fault(message, "typed")),
    ...(value.kind === "known" ? [...scalarFaults(schema, value.value).flatMap((message) => fault(message)), ...formatFaults(schema, value.value).flatMap((message) => fault(message, "advised"))] : []),
    ...(value.kind === "list" ? listFaults(root, schema, value, path, depth) : []),
    ...(value.kind === "record" ? recordFaults(root, schema, value, path, depth) : []),
    ...combinedFaults(root, schema, value, path, depth),
  ];
}

function typeFault(type: Json | undefined, value: PartialValue): string | null {
  const types = typeof type === "string" ? [type] : isList(type) ? type.filter((one) => typeof one === "string") : [];
  if (types.length === 0) return null;
  const own = value.kind === "list" ? ["array"] : value.kind === "record" ? ["object"] : value.kind === "known" ? scalarTypes(value.value) : types;
  if (own.some((one) => types.includes(one))) return null;
  return types.includes("integer") && !types.includes("number") && own.includes("number") ? "must be a whole number" : `must be ${types.join(" or ")}`;
}

function scalarTypes(value: null | boolean | number | string): readonly string[] {
  if (value === null) return ["null"];
  return typeof value === "number" ? (Number.isInteger(value) ? ["integer", "number"] : ["number"]) : [typeof value];
}

function choiceFault(schema: JsonObject, value: PartialValue): readonly string[] {
  if (value.kind !== "known") return [];
  if (schema["const"] !== undefined && !isObject(schema["const"]) && !isList(schema["const"]) && schema["const"] !== value.value) return [`must be ${JSON.stringify(schema["const"])}`];
  const choices = schema["enum"];
  if (!isList(choices) || choices.includes(value.value) || choices.some((choice) => choice !== null && typeof choice === "object")) return [];
  return [`must be one of ${choices.map((choice) => JSON.stringify(choice)).join(", ")}`];
}

function scalarFaults(schema: JsonObject, value: null | boolean | number | string): readonly string[] {
  if (typeof value === "number") return numberFaults(schema, value);
  return typeof value === "string" ? textFaults(schema, value) : [];
}

function numberFaults(schema: JsonObject, value: number): readonly string[] {
  const bound = (name: string): number | null => (typeof schema[name] === "number" ? schema[name] : null);
  const [least, most, above, below, step] = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"].map(bound);
  const faults: string[] = [];
  // Draft 4 says with a boolean whether the bound itself is out.
  if (typeof least === "number" && (value < least || (schema["exclusiveMinimum"] === true && value === least))) faults.push(`must be at least ${least}`);
  if (typeof most === "number" && (value > most || (schema["exclusiveMaximum"] === true && value === most))) faults.push(`must be at most ${most}`);
  if (typeof above === "number" && value <= above) faults.push(`must be more than ${above}`);
  if (typeof below === "number" && value >= below) faults.push(`must be less than ${below}`);
  if (typeof step === "number" && Number.isInteger(step) && step > 0 && value % step !== 0) faults.push(`must be a multiple of ${step}`);
  return faults;
}

function textFaults(schema: JsonObject, value: string): readonly string[] {
  const { minLength, maxLength, pattern } = schema;
  const { length } = Array.from(value);
  const faults: string[] = [];
  if (typeof minLength === "number" && length < minLength) faults.push(minLength === 1 ? "must not be empty" : `must have at least ${minLength} characters`);
  if (typeof maxLength === "number" && length > maxLength) faults.push(`must have at most ${maxLength} characters`);
  if (typeof pattern === "string" && matches(pattern, value) === false) faults.push(`must match /${pattern}/`);
  return faults;
}

function formatFaults({ format }: JsonObject, value: null | boolean | number | string): readonly string[] {
  const wrong = typeof format === "string" && typeof value === "string" ? formatFault(format, value) : null;
  return wrong === null ? [] : [wrong];
}

/** null when the pattern is one that cannot be run in linear time. */
function matches(pattern: string, value: string): boolean | null {
  try {
    const program = compileRegex(pattern, "");
    const encoded = program.encode(value);
    return program.re2(encoded).matcher(encoded.text).find();
  } catch (error) {
    if (error instanceof RegexFault) return null;
    throw error;
  }
}

type ListValue = Extract<PartialValue, { kind: "list" }>;
type RecordValue = Extract<PartialValue, { kind: "record" }>;

function listFaults(root: JsonObject, schema: JsonObject, value: ListValue, path: string, depth: number): readonly SchemaFault[] {
  const { minItems, maxItems, items } = schema;
  const said = (message: string): SchemaFault => ({ at: value.at, path, message, kind: "asserted" });
  return [
    ...(typeof minItems === "number" && !value.open && value.items.length < minItems ? [said(minItems === 1 ? "must not be empty" : `must have at least ${minItems} items`)] : []),
    ...(typeof maxItems === "number" && value.items.length > maxItems ? [said(`must have at most ${maxItems} items`)] : []),
    ...(schema["uniqueItems"] === true && hasDouble(value) ? [said("must not have an item twice")] : []),
    ...(isObject(items) && schema["prefixItems"] === undefined ? value.items.flatMap((item, index) => faultsOf(root, items, item, `${path}[${index}]`, depth + 1)) : []),
  ];
}

function hasDouble({ items }: ListValue): boolean {
  const known = items.flatMap((item) => (item.kind === "known" ? [item.value] : []));
  return new Set(known).size < known.length;
}

function recordFaults(root: JsonObject, schema: JsonObject, value: RecordValue, path: string, depth: number): readonly SchemaFault[] {
  const properties = isObject(schema["properties"]) ? schema["properties"] : {};
  const lacks = (names: Json | undefined): readonly string[] => (isList(names) && !value.open ? names.filter((name): name is string => typeof name === "string" && !value.members.has(name)) : []);
  const said = (message: string, kind: SchemaFault["kind"]): SchemaFault => ({ at: value.at, path, message, kind });
  const dependent = isObject(schema["dependentRequired"]) ? schema["dependentRequired"] : isObject(schema["dependencies"]) ? schema["dependencies"] : {};
  const inner = [...value.members].flatMap(([name, member]) => {
    const of = Object.hasOwn(properties, name) ? properties[name] : schema["additionalProperties"];
    return of === false ? [{ at: member.at, path: memberPath(path, name), message: "is not known to the tool", kind: "typed" as const }] : faultsOf(root, of, member, memberPath(path, name), depth + 1);
  });
  return [
    ...lacks(schema["required"]).map((name) => said(`needs ${name}`, "typed")),
    ...[...value.members.keys()].flatMap((name) => (Object.hasOwn(dependent, name) ? lacks(dependent[name]).map((missing) => said(`needs ${missing} too, because ${name} is given`, "asserted")) : [])),
    ...inner,
  ];
}

function combinedFaults(root: JsonObject, schema: JsonObject, value: PartialValue, path: string, depth: number): readonly SchemaFault[] {
  const branches = (name: string): readonly Json[] => (isList(schema[name]) ? schema[name] : []);
  const all = branches("allOf").flatMap((branch) => faultsOf(root, branch, value, path, depth + 1));
  const alternatives = ["anyOf", "oneOf"].flatMap((name) => {
    const tried = branches(name).map((branch) => faultsOf(root, branch, value, path, depth + 1).filter(({ kind }) => kind !== "advised"));
    if (tried.length === 0 || tried.some((faults) => faults.length === 0)) return [];
    return [{ at: value.at, path, message: `fits none of the ways to give it: ${[...new Set(tried.map(([first]) => (first === undefined ? "" : `${first.path === path ? "" : `${first.path} `}${first.message}`)))].join("; or ")}`, kind: "asserted" as const }];
  });
  return [...all, ...alternatives];
}

function memberPath(path: string, name: string): string {
  const written = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  return path === "" ? written : `${path}.${written}`;
}

function refTarget(root: JsonObject, ref: string): Json | undefined {
  if (!ref.startsWith("#")) return undefined;
  let at: Json | undefined = root;
  for (const part of ref.slice(1).split("/").filter((one) => one !== "")) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    at = isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  }
  return at;
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}
