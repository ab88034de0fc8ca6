import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import { type Data, type Json, type JsonObject, UnsafeInteger } from "../base/index.ts";
import { compileRegex } from "../regexp/index.ts";

/** A schema is compiled, at some milliseconds a part: what checks a module is bounded in time. */
const MAX_PARTS = 1_000;

/** What a value breaks of one schema. */
type Check = (value: unknown) => readonly ErrorObject[];

/** What nobody could check is not taken for right. */
const UNCHECKED: readonly ErrorObject[] = [{ instancePath: "", schemaPath: "", keyword: "", params: {}, message: "cannot be checked by this schema" }];

const known = new WeakMap<JsonObject, Check>();
/** By text too, the last ones: each run reads its program, and its schemas, anew. */
const knownTexts = new Map<string, Check>();
const MOST_TEXTS = 64;

/**
 * What a value breaks of a JSON Schema (2020-12), one phrase a fault: `/0 must be string`. None when it conforms. A `format` is
 * not looked at. Throws when the schema is none: {@link schemaFault} says why.
 */
export function conformanceFaults(schema: JsonObject, value: Data): readonly string[] {
  return checkOf(schema)(plain(value)).map(({ instancePath, message, params }) => `${instancePath === "" ? "it" : instancePath} ${message ?? "is wrong"}${choices(params)}`);
}

/** Why something is no JSON Schema that can be used; null when it is one. */
export function schemaFault(schema: JsonObject): string | null {
  if (partsOf(schema, MAX_PARTS) > MAX_PARTS) return `it has more than ${MAX_PARTS} parts`;
  try {
    checkOf(schema);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** How many objects and lists a schema is made of; counting ends soon beyond `most`. */
function partsOf(value: Json, most: number): number {
  if (typeof value !== "object" || value === null) return 0;
  let parts = 1;
  for (const inner of Object.values(value) as readonly Json[]) {
    if (parts > most) break;
    parts += partsOf(inner, most);
  }
  return parts;
}

function checkOf(schema: JsonObject): Check {
  const met = known.get(schema);
  if (met !== undefined) return met;
  const text = JSON.stringify(schema);
  const check = knownTexts.get(text) ?? compile(schema);
  known.set(schema, check);
  knownTexts.set(text, check);
  for (const oldest of knownTexts.keys()) if (knownTexts.size > MOST_TEXTS) knownTexts.delete(oldest);
  return check;
}

function compile(schema: JsonObject): Check {
  const check = compileWith(schema, true);
  // The code that keeps count of what was evaluated throws for a few schemas (ajv 8.20: `oneOf` beside `patternProperties`). Where nobody asks for the count, it is not needed.
  let withoutCount: Check | null = null;
  return (value) => {
    try {
      return check(value);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      if (JSON.stringify(schema).includes('"unevaluated')) return UNCHECKED;
      return (withoutCount ??= compileWith(schema, false))(value);
    }
  };
}

function compileWith(schema: JsonObject, counts: boolean): Check {
  // One for each schema: they may call themselves by the same `$id`.
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false, logger: false, code: { regExp: linearRegExp } });
  ajv.opts.unevaluated = counts;
  const validate = ajv.compile(schema);
  return (value) => (validate(value) ? [] : (validate.errors ?? []));
}

/** Patterns are matched in linear time, as those of a workflow are; what cannot be is refused. */
const linearRegExp = Object.assign(
  (pattern: string) => {
    const program = compileRegex(pattern, "");
    const test = (text: string): boolean => {
      const encoded = program.encode(text);
      return program.re2(encoded).matcher(encoded.text).find();
    };
    // ajv takes patterns with equal texts for one.
    return { test, toString: () => pattern };
  },
  // What the generated code of a module of its own would say; none is generated.
  { code: "linearRegExp" },
);

/** For a schema an integer is one, however long. */
function plain(value: Data): unknown {
  if (value instanceof UnsafeInteger) return Number(value.digits ?? Number.MAX_SAFE_INTEGER);
  if (Array.isArray(value)) return (value as readonly Data[]).map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item as Data)]));
}

/** ajv says that it must be one of the allowed values; these are they. */
function choices(params: { readonly [name: string]: unknown }): string {
  const { allowedValues, allowedValue, additionalProperty } = params;
  if (Array.isArray(allowedValues)) return `: ${allowedValues.map((one) => JSON.stringify(one)).join(", ")}`;
  if (allowedValue !== undefined) return `: ${JSON.stringify(allowedValue)}`;
  return typeof additionalProperty === "string" ? `: ${additionalProperty}` : "";
}
