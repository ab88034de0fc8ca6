import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson, hashJson, hashText, isOffstageError, UnsafeInteger } from "./index.ts";

const code = (value: unknown): unknown => {
  try {
    return canonicalJson(value);
  } catch (error) {
    return isOffstageError(error) ? error.code : error;
  }
};

describe("canonicalJson", () => {
  test("writes the example of RFC 8785, section 3.2.2, as the RFC does", () => {
    const value = { numbers: [Number("333333333.33333329"), 1e30, 4.5, 2e-3, 0.000000000000000000000000001], string: "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", literals: [null, true, false] };
    expect(canonicalJson(value)).toBe(String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`);
  });

  test("sorts as RFC 8785, section 3.2.3, by UTF-16 code units", () => {
    const value = { "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One", "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis" };
    expect(Object.values(JSON.parse(canonicalJson(value)) as object).map(String)).toHaveLength(7);
    expect([...canonicalJson(value).matchAll(/":"([^"]+)"/g)].map((match) => match[1])).toEqual(["Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign", "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh"]);
  });

  test.each([
    [0x0000000000000000n, "0"], [0x8000000000000000n, "0"], [0x0000000000000001n, "5e-324"], [0x8000000000000001n, "-5e-324"],
    [0x7fefffffffffffffn, "1.7976931348623157e+308"], [0xffefffffffffffffn, "-1.7976931348623157e+308"], [0x4340000000000000n, "9007199254740992"],
    [0xc340000000000000n, "-9007199254740992"], [0x4430000000000000n, "295147905179352830000"], [0x44b52d02c7e14af5n, "9.999999999999997e+22"],
    [0x44b52d02c7e14af6n, "1e+23"], [0x44b52d02c7e14af7n, "1.0000000000000001e+23"], [0x444b1ae4d6e2ef4en, "999999999999999700000"], [0x444b1ae4d6e2ef50n, "1e+21"],
    [0x3eb0c6f7a0b5ed8dn, "0.000001"], [0x41b3de4355555553n, "333333333.3333332"], [0x3eb0c6f7a0b5ed8cn, "9.999999999999997e-7"], [0x43143ff3c1cb0959n, "1424953923781206.2"],
  ])("writes the double %s of appendix B as %s", (bits, text) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, bits);
    expect(canonicalJson(view.getFloat64(0))).toBe(text);
  });

  test("does not depend on the order in which members were made", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        expect(canonicalJson(Object.fromEntries(Object.entries(object).reverse()))).toBe(canonicalJson(object));
        expect(JSON.parse(canonicalJson(object))).toEqual(JSON.parse(JSON.stringify(object)));
      }),
    );
  });

  test("tells different values apart", () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => { expect(hashJson(a) === hashJson(b)).toBe(canonicalJson(a) === canonicalJson(b)); }));
    expect(canonicalJson([1, [2]])).not.toBe(canonicalJson([[1], 2]));
    expect(canonicalJson({ a: "1" })).not.toBe(canonicalJson({ a: 1 }));
  });

  test("leaves out members that are undefined, keeps null, and keeps fields of any name", () => {
    expect(canonicalJson({ b: undefined, a: null, c: { d: undefined } })).toBe('{"a":null,"c":{}}');
    expect(canonicalJson(JSON.parse('{"__proto__":1,"toJSON":2,"$":3}'))).toBe('{"$":3,"__proto__":1,"toJSON":2}');
    expect(canonicalJson(Object.assign(Object.create(null) as object, { a: 1 }))).toBe('{"a":1}');
  });

  test("refuses what JSON cannot carry", () => {
    expect(code({ id: new UnsafeInteger("9007199254740993") })).toBe("UNSAFE_INTEGER");
    for (const value of [Number.NaN, Infinity, -Infinity, "\ud800", { "\udc00": 1 }, undefined, [undefined], () => 1, Symbol("s"), 1n, new Date(0), new Map(), new Set(), /x/]) expect(code(value)).toBe("VALUE_INVALID");
  });

  test("refuses cycles and depth instead of overflowing", () => {
    const cycle: { self?: unknown } = {};
    cycle.self = cycle;
    expect(code(cycle)).toBe("VALUE_TOO_DEEP");
  });
});

describe("hashes", () => {
  test("are SHA-256 in hex", () => {
    expect(hashText("")).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => { expect(hashText(text)).toBe(createHash("sha256").update(text, "utf8").digest("hex")); }));
    expect(hashJson({ b: 1, a: "é" })).toBe(hashText('{"a":"é","b":1}'));
  });
});
