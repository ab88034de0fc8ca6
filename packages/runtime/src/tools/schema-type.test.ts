import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Data } from "../base/index.ts";
import { printType } from "./print-type.ts";
import { schemaTypes } from "./schema-type.ts";

function printed(schema: Data, side: "argument" | "result" = "argument"): string {
  return printType(schemaTypes(schema, { side, nameOf: (pointer) => pointer.split("/").at(-1) ?? "Root" }).type, { members: "mutable", layout: "inline" });
}

test.each<[string, Data]>([
  ["string", { type: "string", format: "date" }],
  ["number", { type: "integer" }],
  ["string | null", { type: ["string", "null"] }],
  ["string | null", { type: "string", nullable: true }],
  ['"a" | "b\\u202e" | 1 | null', { enum: ["a", "b\u202e", 1, null] }],
  ['"metric" | "imperial"', { anyOf: [{ const: "metric" }, { const: "imperial" }] }],
  ["readonly string[]", { type: "array", items: { type: "string" } }],
  ["readonly unknown[]", { type: "array" }],
  ["readonly [number, number]", { type: "array", prefixItems: [{ type: "number" }, { type: "number" }] }],
  ["readonly [number, (string)?]", { prefixItems: [{ type: "number" }, { type: "string" }], minItems: 1 }],
  ["readonly [number, ...string[]]", { type: "array", items: [{ type: "number" }], additionalItems: { type: "string" } }],
  ["{ b: string; a?: number }", { type: "object", properties: { a: { type: "number" }, b: { type: "string" } }, required: ["b"] }],
  ["{ a: unknown; b?: string }", { properties: { b: { type: "string" } }, required: ["a"] }],
  ["{ [key: string]: number }", { type: "object", additionalProperties: { type: "number" } }],
  ["{ [key: string]: number | string }", { type: "object", patternProperties: { "^a": { type: "number" } }, additionalProperties: { type: "string" } }],
  ["{ [key: string]: never }", { type: "object", properties: {} }],
  ["{ [key: string]: unknown }", { type: "object" }],
  ["{ a?: string; [key: string]: unknown }", { properties: { a: { type: "string" } }, additionalProperties: true }],
  ["{ a?: string } & { b?: string }", { allOf: [{ properties: { a: { type: "string" } } }, { properties: { b: { type: "string" } } }] }],
  ["{ a?: string }", { type: "object", properties: { a: { type: "string" } }, anyOf: [{ required: ["a"] }, { required: ["b"] }] }],
  ["{ a?: string } | { b?: string }", { type: "object", oneOf: [{ properties: { a: { type: "string" } } }, { properties: { b: { type: "string" } } }] }],
  ["string", { type: "string", anyOf: [{ format: "uri" }, { pattern: "x" }] }],
  ["never", false],
  ["unknown", true],
  ["unknown", { type: "date" }],
  ["unknown", { $ref: "https://example.com/schema.json" }],
  ["unknown", { $ref: "#/nowhere" }],
  ["number", { const: 1e300 }],
])("%s", (type, schema) => {
  expect(printed(schema)).toBe(type);
});

test("a result may have more than it names, an argument only what its server says", () => {
  const schema = { properties: { a: { type: "string" } }, additionalProperties: true };
  expect(printed(schema, "result")).toBe("{ a?: string }");
  expect(printed({ type: "object", properties: {} }, "result")).toBe("{ [key: string]: unknown }");
});

describe("references", () => {
  const read = (schema: Data): { readonly type: string; readonly declarations: readonly string[] } => {
    const { type, declarations } = schemaTypes(schema, { side: "argument", nameOf: (pointer) => (pointer === "#" ? "Root" : (pointer.split("/").at(-1) ?? "")) });
    const style = { members: "mutable", layout: "inline" } as const;
    return { type: printType(type, style), declarations: [...declarations].map(([name, declaration]) => `${name} = ${printType(declaration.type, style)}`) };
  };

  test("become declarations, also when they mention themselves", () => {
    expect(read({ $ref: "#/$defs/Node", $defs: { Node: { properties: { next: { $ref: "#/$defs/Node" }, all: { items: { $ref: "#" } } } } } })).toEqual({
      type: "Node",
      declarations: ["Node = { all?: readonly Root[]; next?: Node }", "Root = Node"],
    });
  });

  test("point anywhere in the document, escaped or not", () => {
    expect(read({ properties: { a: { $ref: "#/definitions/x~1y%20z" }, b: { $ref: "#/properties/c/items/0" }, c: { items: [{ type: "string" }] } }, definitions: { "x/y z": { type: "number" } } }).declarations).toEqual([
      "x~1y%20z = number", "0 = string",
    ]);
  });

  test("a definition that is only itself says nothing", () => {
    expect(read({ $ref: "#/$defs/A", $defs: { A: { $ref: "#/$defs/A" } } }).declarations).toEqual(["A = unknown"]);
    expect(read({ $ref: "#/$defs/A", $defs: { A: { anyOf: [{ $ref: "#/$defs/B" }, { type: "string" }] }, B: { $ref: "#/$defs/A" } } }).declarations).toEqual(["A = unknown", "B = unknown"]);
  });
});

test("a tuple whose rest is lists of itself says nothing, a list of itself does", () => {
  const read = (schema: Data): readonly string[] => [...schemaTypes(schema, { side: "result", nameOf: () => "Self" }).declarations.values()].map(({ type }) => printType(type, { members: "mutable", layout: "inline" }));
  expect(read({ prefixItems: [], items: { type: "array", items: { $ref: "#" } } })).toEqual(["unknown"]);
  expect(read({ anyOf: [{ type: "string" }, { type: "array", items: { $ref: "#" } }] })).toEqual(["string | readonly Self[]"]);
});

test("words and defaults are kept", () => {
  const { type } = schemaTypes({ properties: { a: { description: "Size.", default: 30 }, b: { title: "B" }, c: { description: "The default is 3.", default: 3 } } }, { side: "argument", nameOf: String });
  expect(type.kind === "object" && type.members.map(({ doc }) => doc)).toEqual(["Size.\nDefault: 30.", "B", "The default is 3."]);
});

describe("hostile schemas end in unknown", () => {
  test("deep ones", () => {
    let schema: Data = { type: "string" };
    for (let depth = 0; depth < 200; depth++) schema = { type: "array", items: schema };
    expect(printed(schema).match(/readonly/g)?.length).toBeLessThan(20);
  });

  test("wide ones", () => {
    const properties = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`p${index}`, { type: "string" }]));
    expect(printed({ type: "object", properties }).length).toBeLessThan(20_000);
    expect(printed({ enum: Array.from({ length: 20_000 }, (_, index) => `v${index}`) })).toBe("string");
    expect(printed({ anyOf: Array.from({ length: 20_000 }, (_, index) => ({ const: index })) })).toBe("unknown");
  });

  test("many that refer to each other", () => {
    const $defs = Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`D${index}`, { properties: { next: { $ref: `#/$defs/D${index + 1}` } } }]));
    expect(schemaTypes({ $ref: "#/$defs/D0", $defs }, { side: "argument", nameOf: (pointer) => pointer }).declarations.size).toBeLessThan(5000);
  });

  test("anything at all", () => {
    const keyword = fc.constantFrom("type", "properties", "items", "anyOf", "oneOf", "allOf", "enum", "const", "$ref", "$defs", "required", "additionalProperties", "prefixItems", "patternProperties", "nullable", "default", "description");
    const { schema } = fc.letrec<{ schema: Data }>((tie) => ({
      schema: fc.oneof({ depthSize: "small" }, fc.jsonValue() as fc.Arbitrary<Data>, fc.constantFrom("object", "array", "#", "#/$defs/a"), fc.dictionary(keyword, tie("schema")), fc.array(tie("schema"), { maxLength: 3 })),
    }));
    fc.assert(fc.property(schema, (value) => {
      expect(typeof printed(value)).toBe("string");
    }));
  });
});
