import { expect, test } from "vitest";
import type { Data } from "../base/index.ts";
import { removeSensitive } from "./sensitive.ts";

const data: Data = { a: { b: 1, c: 2 }, items: [{ id: 1, token: "t" }, { id: 2 }, 3], grid: [[{ x: 1, y: 2 }]] };

test.each<[string, Data]>([
  ["a.b", { ...data, a: { c: 2 } }],
  ["items[].token", { ...data, items: [{ id: 1 }, { id: 2 }, 3] }],
  ["grid[][].x", { ...data, grid: [[{ y: 2 }]] }],
  ["items", { a: { b: 1, c: 2 }, grid: [[{ x: 1, y: 2 }]] }],
  ["a[]", data],
  ["a.b.c", data],
  ["toString", data],
])("%s is left out", (path, expected) => {
  expect(removeSensitive(data, [path])).toEqual(expected);
});

test("what a path does not touch stays the same object", () => {
  expect(removeSensitive(data, ["nothing.here", "items[].nothing"])).toBe(data);
});

test("a list at the top and a field that looks like a prototype are data like any other", () => {
  const odd = JSON.parse('[{"__proto__":{"x":1},"id":1}]') as Data;
  expect(JSON.stringify(removeSensitive(odd, ["[].__proto__"]))).toBe('[{"id":1}]');
  expect(JSON.stringify(removeSensitive(odd, ["[].id"]))).toBe('[{"__proto__":{"x":1}}]');
});

test("several paths are all left out", () => {
  expect(removeSensitive({ a: 1, b: 2, c: 3 }, ["a", "c"])).toEqual({ b: 2 });
});
