import fc from "fast-check";
import type { Data, JsonObject } from "offstage/base";
import { conformanceFaults, schemaFault } from "../../packages/runtime/src/schemas/index.ts";
import type { Vector, VectorOptions } from "./vector.ts";

const some = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom<T>(...values);
/** Few names and texts, so that what is asked of them is met. */
const names = some("a", "b", "a/b", "c~", "");
const scalars = some<Data>("a", "b", "abc", "", "é", "😀", "ab\n", 0, 1, 2, 3, -1, 1.5, 0.3, 1e21, 9_007_199_254_740_991, true, false, null);
const values: fc.Arbitrary<Data> = fc.letrec<{ readonly value: Data }>((tie) => ({
  value: fc.oneof({ maxDepth: 3, withCrossShrink: true }, { weight: 3, arbitrary: scalars }, fc.array(tie("value"), { maxLength: 4 }), fc.dictionary(names, tie("value"), { maxKeys: 4 })),
})).value;
const patterns = some("^a", "b$", "^(a+)+$", "[é-ü]", "^.$", "\\d", "");
const types = some("string", "number", "integer", "boolean", "null", "array", "object");
const counts = fc.integer({ min: 0, max: 3 });
const numbers = some(0, 1, 2, 1.5, -1);

type Schema = JsonObject | boolean;
/** Within `not`, and where `dependentSchemas` stands, the code that ajv makes is wrong about a few keywords: these are not compared there. */
const plain = some<JsonObject>({ type: "string" }, { type: "object", required: ["a"] }, { minimum: 1, minLength: 2 }, { anyOf: [{ const: 1 }, { type: "null" }] });
const schemas = fc.letrec<{ readonly schema: Schema; readonly fields: Schema }>((tie) => {
  const inner = fc.option(tie("schema") as fc.Arbitrary<Schema>, { nil: { type: "string" }, depthSize: "small" });
  const list = fc.array(inner, { minLength: 1, maxLength: 3 });
  const keyword: fc.Arbitrary<JsonObject> = fc.oneof(
    fc.record({ type: fc.oneof(types, fc.uniqueArray(types, { minLength: 1, maxLength: 3 })) }) as fc.Arbitrary<JsonObject>,
    fc.record({ type: some("string", "integer"), nullable: fc.constant(true) }),
    fc.record({ const: values }) as unknown as fc.Arbitrary<JsonObject>, fc.record({ enum: fc.uniqueArray(scalars, { minLength: 1, maxLength: 3 }) }) as unknown as fc.Arbitrary<JsonObject>,
    fc.record({ minimum: numbers }), fc.record({ maximum: numbers }), fc.record({ exclusiveMinimum: numbers }), fc.record({ exclusiveMaximum: numbers }), fc.record({ multipleOf: some(1, 2, 0.1, 1.5) }),
    fc.record({ minLength: counts }), fc.record({ maxLength: counts }), fc.record({ pattern: patterns }), fc.record({ format: some("uri", "date") }),
    fc.record({ minItems: counts }), fc.record({ maxItems: counts }), fc.record({ uniqueItems: fc.boolean() }), fc.record({ items: inner }), fc.record({ items: fc.record({ type: some("string", "number") }), uniqueItems: fc.constant(true) }), fc.record({ prefixItems: list, items: inner }), fc.record({ prefixItems: list }),
    fc.record({ contains: inner, minContains: counts, maxContains: counts }, { requiredKeys: ["contains"] }),
    fc.record({ minProperties: counts }), fc.record({ maxProperties: counts }), fc.record({ required: fc.uniqueArray(names, { maxLength: 3 }) }), fc.record({ propertyNames: inner }), fc.record({ additionalProperties: inner }),
    fc.record({ properties: fc.dictionary(names, inner, { maxKeys: 3 }), additionalProperties: inner }, { requiredKeys: ["properties"] }), fc.record({ patternProperties: fc.dictionary(patterns, inner, { maxKeys: 2 }), additionalProperties: inner }, { requiredKeys: ["patternProperties"] }),
    fc.record({ dependentRequired: fc.dictionary(names, fc.uniqueArray(names, { maxLength: 2 }), { maxKeys: 2 }) }),
    fc.record({ not: plain }), fc.record({ anyOf: list }), fc.record({ oneOf: list }), fc.record({ allOf: list }), fc.record({ if: inner, then: inner, else: inner }, { requiredKeys: ["if"] }),
    fc.record({ $ref: some("#/$defs/n") }), fc.record({ unheard: fc.constant("of") }),
  ) as fc.Arbitrary<JsonObject>;
  return {
    fields: fc.array(keyword, { minLength: 1, maxLength: 4 }).map((parts): Schema => Object.assign({}, ...parts) as JsonObject),
    schema: fc.oneof({ maxDepth: 3 }, { weight: 1, arbitrary: fc.boolean() }, { weight: 8, arbitrary: tie("fields") as fc.Arbitrary<Schema> }),
  };
}).fields as fc.Arbitrary<JsonObject>;

/** What is no schema. */
const BROKEN: readonly JsonObject[] = [{ type: "text" }, { type: "array", items: "string" }, { pattern: "(?=a)" }, { patternProperties: { "(": {} } }, { properties: { a: { minimum: "1" } } }, { required: "a" }, { enum: "a" }];

/** Each schema is compiled, which takes its time. */
const PART = 4;

/** What values break of schemas, and what is no schema. */
export function* schemasVectors({ cases, seed }: VectorOptions): Iterable<Vector> {
  for (const schema of BROKEN) yield { schema, broken: schemaFault(schema) !== null };
  const drawn = fc.sample(fc.tuple(fc.tuple(schemas, plain).map(([schema, n]): JsonObject => ({ ...schema, $defs: { n } })), fc.array(values, { minLength: 3, maxLength: 3 })), { numRuns: Math.ceil(cases / PART), seed });
  // As they come from a file: what is drawn has no prototypes, and no two of those are equal to what has.
  for (const [schema, list] of JSON.parse(JSON.stringify(drawn)) as typeof drawn) {
    if (schemaFault(schema) !== null) yield { schema, broken: true };
    else yield { schema, broken: false, cases: list.map((value) => [value, conformanceFaults(schema, value)]) };
  }
}
