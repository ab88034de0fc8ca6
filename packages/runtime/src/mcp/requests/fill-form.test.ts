import { expect, test } from "vitest";
import type { Data } from "../../base/index.ts";
import { fillForm } from "./fill-form.ts";

const fill = (field: object, answer?: Data) => fillForm({ type: "object", properties: { x: field }, required: ["x"] }, answer === undefined ? {} : { x: answer });

test.each<[string, object, Data]>([
  ["a text of its length", { type: "string", minLength: 2, maxLength: 3 }, "ab👍"],
  ["an address", { type: "string", format: "email" }, "ada@example.com"],
  ["one of its choices", { type: "string", enum: ["a", "b"] }, "b"],
  ["one of its titled choices", { type: "string", oneOf: [{ const: "a", title: "A" }] }, "a"],
  ["some of its choices", { type: "array", minItems: 1, items: { type: "string", enum: ["a", "b"] } }, ["b"]],
  ["some of its titled choices", { type: "array", items: { anyOf: [{ const: "a", title: "A" }] } }, ["a"]],
  ["a number in its bounds", { type: "number", minimum: 1, maximum: 2 }, 1.5],
  ["a boolean", { type: "boolean" }, false],
])("a field takes %s", (_name, field, answer) => {
  expect(fill(field, answer)).toEqual({ kind: "filled", content: { x: answer } });
  // The server's own default is held to the same.
  expect(fill({ ...field, default: answer })).toEqual({ kind: "filled", content: { x: answer } });
});

test.each<[object, Data]>([
  [{ type: "string", minLength: 2 }, "a"],
  [{ type: "string", maxLength: 1 }, "ab"],
  [{ type: "string", format: "uri" }, "not a uri"],
  [{ type: "string", format: "date" }, "2026-13-01"],
  [{ type: "string", format: "date-time" }, "2026-11-26"],
  [{ type: "string", enum: ["a"] }, "c"],
  [{ type: "string" }, 1],
  [{ type: "array", items: { type: "string", enum: ["a"] } }, ["a", "c"]],
  [{ type: "array", maxItems: 1, items: { type: "string" } }, ["a", "c"]],
  [{ type: "integer" }, 1.5],
  [{ type: "number", minimum: 1 }, 0],
  [{ type: "number" }, "1e9"],
  [{ type: "boolean" }, "yes"],
])("%j does not take %j", (field, answer) => {
  expect(fill(field, answer)).toMatchObject({ kind: "unfilled", why: expect.stringContaining('"x"') as string });
  expect(fill({ ...field, default: answer })).toMatchObject({ kind: "unfilled" });
});

test.each<[object, Data, string]>([
  [{ type: "integer", minimum: 1, maximum: 5 }, "many", "a whole number, from 1 up to 5"],
  [{ type: "number" }, null, "a number"],
  [{ type: "boolean" }, "yes", "true or false"],
  [{ type: "string", enum: ["bug", "idea"] }, "story", 'one of "bug", "idea"'],
  [{ type: "string", format: "email", minLength: 3 }, "x", "an e-mail address, from 3 characters"],
  [{ type: "array", maxItems: 2, items: { type: "string", enum: ["a", "b"] } }, null, 'a list of "a", "b", up to 2 of them'],
])("what %j wants in the place of %j is said", (field, answer, wants) => {
  expect(fill(field, answer)).toEqual({ kind: "unfilled", why: `its field "x" does not take the answer that there is; it wants ${wants}` });
});

test("what a reference stands for is a text, and becomes what it spells", () => {
  expect(fill({ type: "integer" }, "17")).toEqual({ kind: "filled", content: { x: 17 } });
  expect(fill({ type: "boolean" }, "true")).toEqual({ kind: "filled", content: { x: true } });
});

test("hostile forms are answered with nothing of ours", () => {
  expect(fillForm(null, { x: 1 })).toEqual({ kind: "filled", content: {} });
  expect(fillForm({ properties: JSON.parse('{"__proto__":{"type":"string"},"constructor":{"type":"string"}}') as object }, {})).toEqual({ kind: "filled", content: {} });
  expect(fillForm({ properties: Object.fromEntries(Array.from({ length: 201 }, (_, index) => [`f${index}`, { type: "string" }])) }, {})).toMatchObject({ kind: "unfilled" });
  expect(fill({ type: "string", format: "constructor" }, "a")).toMatchObject({ kind: "filled" });
});
