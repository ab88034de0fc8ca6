import { type Data, type JsonObject, OffstageError, shorten, UnsafeInteger } from "../base/index.ts";
import { calledPrograms, type Program, startedPrograms } from "./program.ts";

/** What a program says of its inputs. */
export type InputSpec = Pick<Program, "name" | "inputs" | "inputSchemas">;

/** What a value breaks of a JSON Schema, one phrase a fault. */
export type Conforms = (schema: JsonObject, value: Data) => readonly string[];

/** How much of a value, and of a schema, a message shows. UTF-16 units. */
const SHOWN = 200;

/** The inputs that a workflow has, in the order of its text. */
export function inputNames({ inputs, inputSchemas = {} }: InputSpec): readonly string[] {
  return [...new Set([...Object.keys(inputs), ...Object.keys(inputSchemas)])];
}

/** Whether an input of the program, or of one that it calls or starts, has a JSON Schema: then giving it needs what knows them. */
export function hasInputSchemas(program: Pick<Program, "inputSchemas" | "calls" | "starts">): boolean {
  return [program, ...calledPrograms(program), ...startedPrograms(program)].some(({ inputSchemas }) => inputSchemas !== undefined);
}

/**
 * What a run of a program gets: what is given, over the defaults. `unknown` names inputs of which parts are not known yet, so
 * that only their names are looked at. Throws `INPUT_INVALID`: a name that the workflow does not have, an input that it needs and is not
 * given, a value that is not what the default or the schema says.
 */
export function inputsOver(spec: InputSpec, given: { readonly [name: string]: Data }, conforms: Conforms, unknown: ReadonlySet<string> = new Set()): { readonly [name: string]: Data } {
  const names = inputNames(spec);
  const strange = Object.keys(given).find((name) => !names.includes(name));
  if (strange !== undefined) throw invalid(`${spec.name} has no input ${strange}.`, `It has: ${names.join(", ") || "none"}.`);
  const missing = names.filter((name) => !Object.hasOwn(given, name) && !Object.hasOwn(spec.inputs, name));
  if (missing.length > 0) throw invalid(`${spec.name} needs the input ${missing.join(", ")}.`, `It may be: ${shown(spec.inputSchemas?.[missing[0] ?? ""] ?? null)}.`);
  for (const [name, value] of Object.entries(given)) if (!unknown.has(name)) refuseUnfit(spec, name, value, conforms);
  return { ...spec.inputs, ...given };
}

function refuseUnfit({ name: workflow, inputs, inputSchemas }: InputSpec, name: string, value: Data, conforms: Conforms): void {
  const schema = inputSchemas !== undefined && Object.hasOwn(inputSchemas, name) ? inputSchemas[name] : undefined;
  if (schema !== undefined) {
    const [fault] = conforms(schema, value);
    if (fault !== undefined) throw invalid(`The input ${name} of ${workflow} cannot be ${shown(value)}: ${fault}.`, `It may be: ${shown(schema)}.`);
    return;
  }
  const [wanted, found] = [kindOf(inputs[name]), kindOf(value)];
  if (wanted !== found) throw invalid(`The input ${name} of ${workflow} is ${ARTICLES[wanted]}, not ${ARTICLES[found]}: ${shown(value)}.`, `Its default is ${shown(inputs[name] ?? null)}.`);
}

function invalid(message: string, hint: string): OffstageError {
  return new OffstageError("INPUT_INVALID", message, { hint });
}

function shown(value: Data): string {
  return shorten(JSON.stringify(value), SHOWN);
}

const ARTICLES = { null: "null", number: "a number", list: "a list", object: "an object", string: "a text", boolean: "true or false" } as const;

function kindOf(value: Data | undefined): keyof typeof ARTICLES {
  if (value === null) return "null";
  if (value instanceof UnsafeInteger) return "number";
  return Array.isArray(value) ? "list" : (typeof value as "object" | "string" | "boolean" | "number");
}
