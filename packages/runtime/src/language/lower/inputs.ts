import type { Json, JsonObject } from "../../base/index.ts";
import type { Program } from "../../program/index.ts";
import { conformanceFaults, schemaFault } from "../../schemas/index.ts";
import { ts } from "../typescript.ts";
import { type Fields, openFields } from "./fields.ts";
import type { Lowering } from "./lowering.ts";
import { calledName } from "./names.ts";
import { dataOf, readStatic, type StaticValue } from "./static-value.ts";

type Inputs = Pick<Program, "inputs" | "inputSchemas">;

/** `inputs` of a workflow: defaults, and what `input({ schema, default })` says. `triggered`: runs begin that nobody gives any. */
export function lowerInputs(l: Lowering, fields: Fields, triggered: boolean): Inputs {
  const value = fields.get("inputs");
  if (value === undefined) return { inputs: {} };
  if (value.kind !== "record") {
    l.faults.error(value.node, "NOT_STATIC", "The inputs must be an object of literals: their defaults.", "Write `inputs: { owner: \"acme\" }`.");
    return { inputs: {} };
  }
  const inputs = new Map<string, Json>();
  const schemas = new Map<string, JsonObject>();
  for (const [name, entry] of value.entries) {
    const call = inputCall(l, entry);
    const said = call === null ? plainDefault(l, entry) : described(l, name, call);
    if (said.default !== undefined) inputs.set(name, said.default);
    else if (call !== null && triggered) l.faults.error(entry.node, "INPUT_MISSING", `A trigger starts runs without the input ${name}, and it has no default.`, "Add a `default`, or leave `on` empty: `on: []`.");
    if (said.schema !== undefined) schemas.set(name, said.schema);
  }
  return { inputs: Object.fromEntries(inputs), ...(schemas.size === 0 ? {} : { inputSchemas: Object.fromEntries(schemas) }) };
}

interface Said {
  readonly default?: Json | undefined;
  readonly schema?: JsonObject;
}

function plainDefault(l: Lowering, entry: StaticValue): Said {
  const data = dataOf(entry);
  if (data === undefined) l.faults.error(entry.node, "NOT_STATIC", "The inputs must be an object of literals: their defaults.", "Write `inputs: { owner: \"acme\" }`; `input({ schema: { … } })` stands right in it.");
  else refuseUntyped(l, entry);
  return { default: data };
}

/** `[]` and `null` do not say what they may hold. */
function refuseUntyped(l: Lowering, value: StaticValue): void {
  if (value.kind === "record") for (const entry of value.entries.values()) refuseUntyped(l, entry);
  else if (value.kind === "list" && value.items.length > 0) for (const item of value.items) refuseUntyped(l, item);
  else if (value.kind === "list" || (value.kind === "data" && value.value === null)) {
    const example = value.kind === "list" ? "input({ schema: { type: \"array\", items: { type: \"string\" } }, default: [] })" : "input({ schema: { type: [\"string\", \"null\"] }, default: null })";
    l.faults.error(value.node, "INPUT_UNTYPED", "This default does not say what the input may hold.", `Give the input a JSON Schema, \`${example}\`, or a default that is an example.`);
  }
}

function inputCall(l: Lowering, { node }: StaticValue): ts.CallExpression | null {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return null;
  const called = calledName(l, node.expression);
  return called?.kind === "vocabulary" && called.name === "input" ? node : null;
}

/** `input({ schema, default })`. */
function described(l: Lowering, name: string, call: ts.CallExpression): Said {
  const [options] = call.arguments;
  const fields = options === undefined ? null : openFields(l, readStatic(l, options), "input", ["schema", "default"]);
  const written = fields?.get("schema");
  if (fields === null || written === undefined) return {}; // TypeScript says what is missing.
  const schema = dataOf(written);
  if (written.kind !== "record" || schema === undefined) {
    l.faults.error(written.node, "NOT_STATIC", `The schema of the input ${name} must be an object, written out.`, "Write a JSON Schema: `{ type: \"array\", items: { type: \"string\" } }`, here or in a constant of this module.");
    return {};
  }
  const fault = schemaFault(schema as JsonObject);
  if (fault !== null) {
    l.faults.error(written.node, "SCHEMA_INVALID", `The schema of the input ${name} is no JSON Schema: ${fault}.`, "Keep to JSON Schema 2020-12, without references to other documents.");
    return {};
  }
  return { schema: schema as JsonObject, default: defaultOf(l, name, fields, schema as JsonObject) };
}

function defaultOf(l: Lowering, name: string, fields: Fields, schema: JsonObject): Json | undefined {
  const written = fields.get("default");
  const value = written === undefined ? undefined : dataOf(written);
  if (written === undefined) return undefined;
  if (value === undefined) l.faults.error(written.node, "NOT_STATIC", `The default of the input ${name} must be written out.`, "Write a literal, or a constant of this module that holds one; every run must give an input without a default.");
  const [fault] = value === undefined ? [] : conformanceFaults(schema, value);
  if (fault !== undefined) l.faults.error(written.node, "INPUT_DEFAULT", `The default of the input ${name} is not what its schema allows: ${fault}.`, "Change the one or the other.");
  return value ?? null;
}
