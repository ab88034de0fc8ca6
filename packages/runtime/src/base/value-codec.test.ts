import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeValue, encodeValue, isOffstageError, UnsafeInteger } from "./index.ts";

const keys = fc.oneof(fc.string({ unit: "binary", maxLength: 6 }), fc.constantFrom("$", "$$", "__proto__", "constructor", "toJSON", "length", "0", "\ud800", ""));
const values: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(
    fc.constantFrom<unknown[]>(undefined, null, true, false, "$", "\ud800", "\udc00x", "", Number.NaN, Infinity, -Infinity, -0, 0, 2 ** 60, 5e-324, new UnsafeInteger(null), new UnsafeInteger("-9007199254740993")),
    fc.double(), fc.integer(), fc.string({ unit: "binary" }),
  ),
  value: fc.oneof(
    { depthSize: "small" }, tie("leaf"), fc.array(tie("value"), { maxLength: 5 }),
    fc.array(fc.tuple(keys, tie("value")), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
    fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(tie("value"), { maxLength: 4 }).map((items) => new Set(items)),
  ),
})).value;

const code = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return isOffstageError(error) ? error.code : error;
  }
};

describe("encodeValue and decodeValue", () => {
  test("give back exactly what was put in", () => {
    fc.assert(fc.property(values, (value) => { expect(isDeepStrictEqual(decodeValue(encodeValue(value)), value)).toBe(true); }), { numRuns: 1_000 });
  });

  test("write the same text again for what was read", () => {
    fc.assert(fc.property(values, (value) => { expect(encodeValue(decodeValue(encodeValue(value)))).toBe(encodeValue(value)); }), { numRuns: 300 });
  });

  test("write JSON as JSON", () => {
    const json = { a: [1, "x", null], b: { c: true } };
    expect(encodeValue(json)).toBe(JSON.stringify(json));
  });

  test("never take data for a tag", () => {
    for (const json of ['{"$":["undefined"]}', '{"$":["map",1,2]}', '{"$":1,"a":2}', '{"a":{"$":["object"]}}', '["$",{"$":null}]']) {
      const value: unknown = JSON.parse(json);
      expect(decodeValue(encodeValue(value))).toStrictEqual(value);
    }
  });

  test("keep the order of members and of maps", () => {
    const value = { z: undefined, $: 1, a: new Map([["y", 1], ["b", 2]]) };
    const back = decodeValue(encodeValue(value)) as typeof value;
    expect(Object.keys(back)).toEqual(["z", "$", "a"]);
    expect([...back.a.keys()]).toEqual(["y", "b"]);
  });

  test("freeze what they read, all the way down", () => {
    const value = decodeValue(encodeValue({ a: [{ b: 1 }], m: new Map([["k", { v: [1] }]]), s: new Set([[1]]) })) as { a: object[]; m: Map<string, { v: object }>; s: Set<object> };
    for (const part of [value, value.a, value.a[0], value.m.get("k"), value.m.get("k")?.v, ...value.s]) expect(Object.isFrozen(part)).toBe(true);
  });

  test("refuse what cannot be told again", () => {
    for (const value of [() => 1, Symbol("s"), 1n, new Date(0), /x/, [new (class Own {})()], new Map([[1, () => 1]])]) expect(code(() => encodeValue(value))).toBe("VALUE_INVALID");
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(code(() => encodeValue(cycle))).toBe("VALUE_TOO_DEEP");
  });

  test("refuse a text they did not write", () => {
    for (const text of ["", "{", '{"$":["function"]}', '{"$":7}']) expect(code(() => decodeValue(text))).toBe("VALUE_INVALID");
  });
});
