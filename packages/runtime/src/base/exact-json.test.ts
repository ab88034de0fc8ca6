import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Data, MAX_JSON_DEPTH, parseExact, stringifyExact, UnsafeInteger } from "./index.ts";

const code = (run: () => unknown): unknown => {
  try {
    run();
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return "nothing was thrown";
};

const bigDigits = fc.bigInt({ min: 2n ** 53n, max: 10n ** 40n }).chain((big) => fc.constantFrom(String(big), `-${big}`));
const data: fc.Arbitrary<Data> = fc.letrec<{ data: Data; leaf: Data }>((tie) => ({
  leaf: fc.oneof(fc.constant(null), fc.boolean(), fc.string({ unit: "binary" }), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)).filter((n) => !Number.isInteger(n) || Number.isSafeInteger(n)), bigDigits.map((digits) => new UnsafeInteger(digits))),
  data: fc.oneof({ depthSize: "small" }, tie("leaf"), fc.array(tie("data")), fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("__proto__", "toJSON", "constructor", "")), tie("data")).map((object) => Object.fromEntries(Object.entries(object)))),
})).data;

describe("parseExact and stringifyExact", () => {
  test("what is written is read back, integers of any size included", () => {
    fc.assert(fc.property(data, (value) => { expect(isDeepStrictEqual(parseExact(stringifyExact(value)), value)).toBe(true); }), { numRuns: 300 });
  });

  test("what is read is written back with the same digits", () => {
    const text = '{"id":9007199254740993,"neg":-9007199254740992,"list":[123456789012345678901234567890,1]}';
    expect(stringifyExact(parseExact(text))).toBe(text);
  });

  test.each([
    ["9007199254740991", 9007199254740991],
    ["-9007199254740991", -9007199254740991],
    ["9007199254740992", new UnsafeInteger("9007199254740992")],
    ["-9007199254740993", new UnsafeInteger("-9007199254740993")],
    ["9007199254740993.00", new UnsafeInteger("9007199254740993")],
    ["9007199254740993.5", 9007199254740994],
    ["0.1234567890123456789", 0.12345678901234568],
    ["1e21", 1e21],
    ["-0", -0],
    ["1e-400", 0],
    [`"1234567890123456789"`, "1234567890123456789"],
  ])("%s is read as what it says", (text, value) => {
    expect(parseExact(text)).toStrictEqual(value);
  });

  test("an integer too large for any double is exact", () => {
    const digits = "9".repeat(400);
    expect(parseExact(`[${digits}]`)).toStrictEqual([new UnsafeInteger(digits)]);
  });

  test("__proto__ is a field like any other, on both ways of reading", () => {
    for (const extra of ["1", "9007199254740993"]) {
      const read = parseExact(`{"__proto__":{"x":${extra}}}`) as object;
      expect(Object.keys(read)).toEqual(["__proto__"]);
      expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    }
  });

  test("refuses what is not JSON, saying so", () => {
    for (const text of ["", "{", "[1,]", "nul", "{'a':1}", "1e400", "[1e999]", "01", '"\u0001"', `{"a":12345678901234567890`]) expect(code(() => parseExact(text))).toBe("VALUE_INVALID");
  });

  test("refuses what nests too deeply, valid or not, and reads what just does not", () => {
    const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
    expect(code(() => parseExact(nested(MAX_JSON_DEPTH + 1)))).toBe("VALUE_TOO_DEEP");
    expect(code(() => parseExact("[".repeat(1_000_000)))).toBe("VALUE_TOO_DEEP");
    expect(code(() => parseExact(`{"a":`.repeat(100_000)))).toBe("VALUE_TOO_DEEP");
    expect(stringifyExact(parseExact(nested(MAX_JSON_DEPTH)))).toBe(nested(MAX_JSON_DEPTH));
  });

  test("brackets and escaped quotes in strings do not count as nesting", () => {
    const text = JSON.stringify({ a: "[".repeat(600), b: `\\"${"{".repeat(600)}\\`, c: ["\\\\"] });
    expect(stringifyExact(parseExact(text))).toBe(text);
  });

  test("does not write what it would have to guess", () => {
    expect(code(() => stringifyExact([new UnsafeInteger(null)]))).toBe("UNSAFE_INTEGER");
    expect(code(() => stringifyExact(() => 1))).toBe("VALUE_INVALID");
    expect(code(() => stringifyExact(undefined))).toBe("VALUE_INVALID");
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(code(() => stringifyExact(cycle))).toBe("VALUE_INVALID");
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    expect(code(() => stringifyExact(deep))).toBe("VALUE_TOO_DEEP");
  });

  test("indents for people", () => {
    expect(stringifyExact({ a: new UnsafeInteger("9007199254740993") }, 2)).toBe('{\n  "a": 9007199254740993\n}');
  });
});

test.each(['{"token": hunter2-hunter2}', '["hunter2-hunter2",]', '{"token": "hunter2\nhunter2"}', "hunter2", '{"a": "hunter2" hunter2}'])("what is no JSON is told without quoting it: %j", (text) => {
  expect(() => parseExact(text)).toThrow(/^This is not JSON: (?!.*hunter2.*$)[A-Z].+\.$/);
});
