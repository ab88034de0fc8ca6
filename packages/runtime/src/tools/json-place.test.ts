import fc from "fast-check";
import { expect, test } from "vitest";
import { locate, placeAt, repeatedName } from "./json-place.ts";

const text = '{\n  "a": [1, {"b": "x\\"}"}],\n  "c": {"a": null}\n}';

test.each([
  [[], "{\n"],
  [["a"], '"a": ['],
  [["a", 0], "1, "],
  [["a", 1, "b"], '"b": "x'],
  [["c", "a"], '"a": null'],
  [["c", "gone", "deeper"], '"c": {'],
])("finds %j", (path, start) => {
  const { offset, fault } = locate(text, path);
  expect(text.slice(offset)).toMatch(new RegExp(`^${start.replace(/[[\]{}\\"]/g, "\\$&")}`));
  expect(fault).toBe(false);
});

test.each(["{", '{"a" 1}', "[1,]", "[01]", "tru", '"a', '{"a":1} x', "[1 2]", "{,}", "\u00a01"])("knows where %s stops being JSON", (broken) => {
  expect(() => JSON.parse(broken)).toThrow(SyntaxError);
  expect(locate(broken, []).fault).toBe(true);
});

test("places count from one", () => {
  expect(placeAt("ab\ncd", 0)).toEqual({ line: 1, column: 1 });
  expect(placeAt("ab\ncd", 4)).toEqual({ line: 2, column: 2 });
});

test("no JSON text has a fault", () => {
  fc.assert(fc.property(fc.json(), (json) => {
    expect(locate(json, ["a"]).fault).toBe(false);
  }));
});

test("a name that occurs twice in one object is found, however it is written, and no other", () => {
  expect(repeatedName(text)).toBeNull();
  expect(repeatedName('{"a": 1, "b": [{"a": 1, "c": 2, "\\u0061": 3}], "b": 4}')).toEqual({ offset: 32, name: "a" });
  expect(repeatedName('{"__proto__": 1, "__proto__": 2}')).toMatchObject({ name: "__proto__" });
  fc.assert(fc.property(fc.json(), (json) => {
    expect(repeatedName(json)).toBeNull();
  }));
});

test("a string of millions of escapes is passed", () => {
  expect(repeatedName(JSON.stringify(["\n".repeat(10_000_000)]))).toBeNull();
});
