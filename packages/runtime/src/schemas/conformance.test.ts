import { describe, expect, it } from "vitest";
import { UnsafeInteger } from "../base/index.ts";
import { conformanceFaults, schemaFault } from "./conformance.ts";

describe("conformance", () => {
  it.each([
    [{ type: "array", items: { type: "string" } }, ["a"], []],
    [{ type: "array", items: { type: "string" } }, "a", ["it must be array"]],
    [{ type: "array", items: { type: "string" } }, ["a", 1], ["/1 must be string"]],
    [{ enum: ["a", "b"] }, "c", ['it must be equal to one of the allowed values: "a", "b"']],
    [{ const: 1 }, 2, ["it must be equal to constant: 1"]],
    [{ type: "object", properties: { a: {} }, additionalProperties: false, required: ["a"] }, { b: 1 }, ["it must have required property 'a'", "it must NOT have additional properties: b"]],
    [{ type: ["string", "null"] }, null, []],
    [{ $ref: "#/$defs/n", $defs: { n: { type: "integer" } } }, 1.5, ["it must be integer"]],
    [{ type: "string", format: "uri" }, "no uri", []],
    // ajv's own code threw here.
    [{ oneOf: [{ additionalProperties: { type: "string" } }, { type: "integer" }], patternProperties: { "^.$": {} } }, { a: "b" }, []],
    [{ oneOf: [{ additionalProperties: { type: "string" } }, { type: "integer" }], patternProperties: { "^.$": {} }, unevaluatedProperties: false }, { a: 1 }, ["it cannot be checked by this schema"]],
    [{ properties: { a: {} }, unevaluatedProperties: false }, { a: 1, b: 1 }, ["it must NOT have unevaluated properties"]],
  ] as const)("of %j and %j", (schema, value, faults) => {
    expect(conformanceFaults(schema, value)).toEqual(faults);
  });

  it("takes an integer for one, however long", () => {
    expect(conformanceFaults({ type: "integer" }, new UnsafeInteger("9007199254740993"))).toEqual([]);
  });

  it("matches patterns in linear time", () => {
    expect(conformanceFaults({ pattern: "^(a+)+$" }, `${"a".repeat(50_000)}!`)).toEqual(['it must match pattern "^(a+)+$"']);
  });
});

describe("what is no schema", () => {
  it.each([
    [{ type: "text" }, /type/],
    [{ type: "array", items: "string" }, /items/],
    [{ $ref: "https://example.com/other.json" }, /resolve/],
    [{ pattern: "(?=a)" }, /./],
    [{ properties: { a: { minimum: "1" } } }, /minimum/],
  ] as const)("%j is told", (schema, why) => {
    expect(schemaFault(schema)).toMatch(why);
  });

  it("more than a thousand parts are too many, and are not compiled", () => {
    const wide = (count: number) => ({ properties: Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, { type: "string" }])) });
    expect(schemaFault(wide(900))).toBeNull();
    expect(schemaFault(wide(100_000))).toBe("it has more than 1000 parts");
  });

  it("names are only names", () => {
    const schema = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"number"}},"required":["constructor"]}') as { readonly type: string };
    expect(schemaFault(schema)).toBeNull();
    expect(conformanceFaults(schema, JSON.parse('{"constructor":1}') as { readonly constructor: 1 })).toEqual([]);
  });
});

it("a schema that is read anew means the same, however many were met meanwhile", () => {
  // More than the 64 that are kept: the first ones are compiled anew.
  const faults = (count: number): readonly (readonly string[])[] => Array.from({ length: count }, (_, number) => conformanceFaults({ const: number }, 69));
  const first = faults(70);
  expect(first.filter((found) => found.length === 0)).toHaveLength(1);
  expect(faults(10)).toEqual(first.slice(0, 10));
});
