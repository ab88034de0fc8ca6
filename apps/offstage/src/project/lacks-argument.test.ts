import { expect, test } from "vitest";
import { lacksArgument } from "./lacks-argument.ts";

const SCHEMA = { type: "object", properties: { repo: { type: "string" }, lines: { type: "array", items: { type: "object", properties: { price: { type: "number" } } } }, more: { type: "object" }, either: { anyOf: [{ type: "string" }] } } };

test("a tool lacks an argument that its schema does not name, and none where the schema leaves it open", () => {
  expect(["repos", "lines[].cost", "lines[].price.x", "repo", "lines[].price", "more.any", "either.any", "Repo"].map((path) => lacksArgument(SCHEMA, path))).toEqual([true, true, false, false, false, false, false, true]);
  expect([undefined, true, {}, { ...SCHEMA, $ref: "#/x" }, { ...SCHEMA, patternProperties: {} }].map((schema) => lacksArgument(schema, "repos"))).toEqual([false, false, false, false, false]);
});
