import { diffData } from "offstage/base";
import { expect, test } from "vitest";
import { changeText } from "./change-text.ts";

test("tells each place that differs, and nothing of what is alike", () => {
  const before = { name: "t", description: "old", inputSchema: { type: "object", properties: { a: { type: "string" } }, required: ["a"] } };
  const after = { name: "t", description: "new", inputSchema: { type: "object", properties: { a: { type: "string" }, b: { type: "number" } }, required: ["a", "b"] }, annotations: { readOnlyHint: true } };
  expect(diffData(before, after).map(changeText)).toEqual([
    '+ annotations: {"readOnlyHint":true}',
    '~ description: "old" → "new"',
    '+ inputSchema.properties.b: {"type":"number"}',
    '~ inputSchema.required: ["a"] → ["a","b"]',
  ]);
});

test("equal values have no difference, and order of members is none", () => {
  expect(diffData({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toEqual([]);
});

test("a value is cut and cannot steer the terminal", () => {
  const [change] = diffData({ d: "x" }, { d: `\u001B[2J${"y".repeat(500)}` });
  expect(change === undefined ? "" : changeText(change)).toMatch(/^~ d: "x" → "\\u001b\[2Jy+…$/);
});
