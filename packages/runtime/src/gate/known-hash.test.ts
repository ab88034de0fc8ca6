import fc from "fast-check";
import { expect, test } from "vitest";
import { type Data, hashJson, UnsafeInteger } from "../base/index.ts";
import { knownHash } from "./index.ts";

const at = (...path: readonly (string | number)[]) => [{ path, from: ["e"] }];

test("hides exactly the places that are unknown", () => {
  const value: Data = { a: [1, { b: 2 }], c: 3 };
  expect(knownHash({ value, unknown: at("a", 1, "b") })).toBe(hashJson({ a: [1, { b: null }], c: 3 }));
  expect(knownHash({ value, unknown: at() })).toBe(hashJson(null));
  expect(knownHash({ value, unknown: [...at("a", 0), ...at("c")] })).toBe(hashJson({ a: [null, { b: 2 }], c: null }));
});

test("a place that is not there changes nothing, so that another shape is another hash", () => {
  const value: Data = { a: [1], text: "x" };
  for (const unknown of [at("b"), at("a", 1), at("a", "0"), at("text", 0), at("text", "length")]) expect(knownHash({ value, unknown })).toBe(hashJson(value));
});

test("whatever stands in the hidden place, the hash is the same; elsewhere it is another", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), fc.jsonValue(), (one, other, rest) => {
      const hash = (hidden: unknown, seen: unknown): string => knownHash({ value: { list: [hidden], seen } as Data, unknown: at("list", 0) });
      expect(hash(one, rest)).toBe(hash(other, rest));
      expect(hash(one, rest) === hash(one, other)).toBe(hashJson(rest) === hashJson(other));
    }),
  );
});

test("a poisoned integer cannot be compared", () => {
  expect(() => knownHash({ value: { id: new UnsafeInteger("9007199254740993") }, unknown: [] })).toThrow(expect.objectContaining({ code: "UNSAFE_INTEGER" }));
  expect(knownHash({ value: { id: new UnsafeInteger(null) }, unknown: at("id") })).toBe(hashJson({ id: null }));
});
