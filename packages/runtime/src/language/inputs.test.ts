import { expect, test } from "vitest";
import { compileText } from "./compile.suite.ts";

function compiled(inputs: string, body = "return 1;", top = "") {
  return compileText(`import { workflow, input, ask } from "offstage"; ${top}\nexport default workflow({ name: "w", on: [], inputs: { ${inputs} } }, async ({ inputs }) => {\n${body}\n});`);
}

test("an input says its JSON Schema and its default, and a plain default stays plain", () => {
  const { program, diagnostics } = compiled(`owner: "acme", labels: input({ schema: LIST, default: [] }), title: input({ schema: { type: ["string", "null"] }, default: null }), key: input({ schema: { type: "string" } })`, undefined, `const LIST = { type: "array", items: { type: "string" } } as const;`);
  expect(diagnostics).toEqual([]);
  expect(program).toMatchObject({ inputs: { owner: "acme", labels: [], title: null }, inputSchemas: { labels: { type: "array", items: { type: "string" } }, title: { type: ["string", "null"] }, key: { type: "string" } } });
  expect(compiled(`owner: "acme"`).program).not.toHaveProperty("inputSchemas");
});

test.each([
  [`{ type: "string" }`, `"a"`, `inputs.x.toUpperCase()`],
  [`{ type: "integer" }`, `1`, `inputs.x + 1`],
  [`{ type: "boolean" }`, `true`, `inputs.x ? 1 : 2`],
  [`{ type: "array", items: { type: "string" } }`, `[]`, `inputs.x.map((one) => one.length)`],
  [`{ type: ["string", "null"] }`, `null`, `inputs.x?.length ?? 0`],
  [`{ enum: ["a", "b"] }`, `"a"`, `inputs.x === "b"`],
  [`{ const: "a" }`, `"a"`, `inputs.x === "a"`],
  [`{ anyOf: [{ type: "string" }, { type: "null" }] }`, `null`, `inputs.x?.length ?? 0`],
  [`{ type: "object", properties: { a: { type: "string" }, b: { type: "number" } }, required: ["a"] }`, `{ a: "x" }`, `inputs.x.a.length + (inputs.x.b ?? 1)`],
  [`{ type: "object", additionalProperties: { type: "number" } }`, `{}`, `Object.values(inputs.x).map((n) => (n ?? 0) + 1)`],
  [`{ type: "array", items: { type: "object", properties: { id: { type: "integer" } }, required: ["id"] } }`, `[]`, `inputs.x.map(({ id }) => id + 1)`],
])("the schema %s gives the type, and its default has it", (schema, fallback, use) => {
  expect(compiled(`x: input({ schema: ${schema}, default: ${fallback} })`, `return ${use};`).diagnostics).toEqual([]);
  expect(compiled(`x: input({ schema: ${schema}, default: ${fallback} })`, `const wrong: { readonly wrong: 1 } = inputs.x; return wrong;`).diagnostics.map(({ code }) => code)[0]).toMatch(/^TS/);
});

test("a default of another type is TypeScript's to tell", () => {
  expect(compiled(`x: input({ schema: { type: "array", items: { type: "string" } }, default: [1] })`).diagnostics.map(({ code }) => code)).toContain("TS2322");
});

test("what a model may leave out of its answer is optional", () => {
  const asked = (use: string) => compiled("", `const a = await ask({ prompt: "", schema: { type: "object", properties: { a: { type: "string" }, b: { type: "string" } }, required: ["a"] }, maxTokens: 1 }); return ${use};`).diagnostics.map(({ code }) => code);
  expect(asked("a.a.length")).toEqual([]);
  expect(asked("a.b?.length ?? 0")).toEqual([]);
  expect(asked("a.b.length")).toEqual(["TS18048"]);
});
