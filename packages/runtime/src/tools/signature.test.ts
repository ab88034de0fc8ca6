import { expect, test } from "vitest";
import { learn } from "./learn.ts";
import { signature } from "./signature.ts";
import { AWKWARD } from "./tools.suite.ts";

const tool = {
  name: "list_issues",
  inputSchema: { type: "object", properties: { owner: { type: "string" }, state: { enum: ["open", "closed"] }, labels: { type: "array", items: { type: "string" } }, since: { type: "string" } }, required: ["owner"] },
};

test("a tool is one line of TypeScript", () => {
  expect(signature(tool)).toBe('list_issues({ owner: string; labels?: readonly string[]; since?: string; state?: "open" | "closed" }): unlearnt');
  expect(signature({ name: "ping" })).toBe("ping(unknown): unlearnt");
  expect(signature({ name: "ping", inputSchema: { type: "object", properties: {} } })).toBe("ping({}): unlearnt");
});

test("its result is what is promised, else what was learnt", () => {
  expect(signature({ ...tool, inputSchema: { properties: {} } }, { learnt: learn(null, [{ id: 1 }]) })).toBe("list_issues({}): { id: number }[]");
  expect(signature({ name: "x", inputSchema: { properties: {} }, outputSchema: { type: "string" } }, { learnt: learn(null, 1) })).toBe("x({}): string");
});

test("optional arguments give way to the length, required ones do not", () => {
  expect(signature(tool, { maxLength: 50 })).toBe("list_issues({ owner: string; … }): unlearnt");
  expect(signature({ name: "x", inputSchema: { properties: { a: { type: "string" }, b: { type: "string" } }, required: ["a", "b"] } }, { maxLength: 10 })).toBe("x({ a: string; b: string }): unlearnt");
});

test("a long type of an argument is cut, or whole where there is room for it", () => {
  const nested = { name: "add", inputSchema: { type: "object", required: ["rows"], properties: { rows: { type: "array", items: { type: "object", required: ["name", "kind", "notes"], properties: { name: { type: "string" }, kind: { type: "string" }, notes: { type: "array", items: { type: "string" } } } } } } } };
  expect(signature(nested)).toContain("…");
  expect(signature(nested, { maxLength: 1_000, maxType: 1_000 })).toBe("add({ rows: readonly { name: string; kind: string; notes: readonly string[] }[] }): unlearnt");
});

test.each(Object.values(AWKWARD).flat().map((one) => [JSON.stringify(one["name"]), one] as const))("%s fits on one line", (_, one) => {
  expect(signature(one)).not.toMatch(/[\n\u202e]/);
});
