import fc from "fast-check";
import { expect, test } from "vitest";
import { type Data, parseExact, UnsafeInteger } from "../base/index.ts";
import { hashData, printSorted } from "./pinned-json.ts";

test("the order of members says nothing, anything else does", () => {
  expect(hashData({ a: 1, b: [1, 2] })).toBe(hashData({ b: [1, 2], a: 1 }));
  expect(hashData({ a: 1, b: [1, 2] })).not.toBe(hashData({ a: 1, b: [2, 1] }));
});

test("large integers are told apart digit by digit", () => {
  expect(hashData(parseExact("18446744073709551615"))).not.toBe(hashData(parseExact("18446744073709551614")));
  expect(hashData(new UnsafeInteger(null))).toBe(hashData(new UnsafeInteger(null)));
});

test("halves of surrogate pairs are told apart, in values and in names", () => {
  expect(hashData("\ud800")).not.toBe(hashData("\ud801"));
  expect(hashData("\ud800")).not.toBe(hashData("\ufffd"));
  expect(hashData({ "\udc00": 1 })).not.toBe(hashData({ "\udc01": 1 }));
});

test("prints members sorted, two spaces, a final line feed", () => {
  expect(printSorted({ b: [], a: { c: ["x", 1], "": {} } }).split("\n")).toEqual(["{", '  "a": {', '    "": {},', '    "c": [', '      "x",', "      1", "    ]", "  },", '  "b": []', "}", ""]);
});

test("what would turn a reviewer's text around is spelt out, in names and in values", () => {
  expect(printSorted({ "b\u202ea": "x\u2066\u001b" })).toBe(String.raw`{
  "b\u202ea": "x\u2066\u001b"
}
`);
});

test.each<[string, Data]>([
  ["an exact large integer", new UnsafeInteger("18446744073709551615")],
  ["one that a library had rounded", { maximum: new UnsafeInteger(null) }],
  ["one in exponent notation", 1e16],
  ["a huge double", 1e300],
  ["a lone surrogate", "\udead"],
  ["a member called __proto__", JSON.parse('{"__proto__":{"x":1}}') as Data],
])("what is printed has the same hash when it is read again: %s", (_, data) => {
  expect(hashData(parseExact(printSorted(data)))).toBe(hashData(data));
});

test("what is printed has the same hash and the same text again, whatever it is", () => {
  fc.assert(fc.property(fc.jsonValue() as fc.Arbitrary<Data>, (data) => {
    const again = parseExact(printSorted(data));
    expect(hashData(again)).toBe(hashData(data));
    expect(printSorted(again)).toBe(printSorted(data));
  }));
});
