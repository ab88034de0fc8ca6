import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Data } from "../base/index.ts";
import { UnsafeInteger } from "../base/index.ts";
import type { ArgumentMatch } from "../model/index.ts";
import { matchArguments } from "./argument-match.ts";

const at = (path: string, match: ArgumentMatch, args: Data): string => matchArguments({ [path]: match }, args);
const repo = (value: Data): string => at("repo", { is: ["acme/*"] }, { repo: value });

describe("a text", () => {
  test("is what it is: a star is any run of characters, and no other character is anything but itself", () => {
    expect([repo("acme/api"), repo("acme/"), repo("other/api"), at("q", { is: ["a.c"] }, { q: "abc" })]).toEqual(["yes", "yes", "no", "no"]);
  });

  test.each<[string, Data]>([
    ["in another case", "ACME/api"], ["in another width", "ａｃｍｅ/api"], ["with white space", " acme/api\n"], ["with what is not seen", "ac\u200bme/api"], ["with a soft hyphen", "ac\u00adme/api"],
    ["in a list", ["acme/api"]], ["in a list in a list", [["x"], ["acme/api"]]], ["in an object", { name: "acme/api" }], ["as an operator of a query", { $ne: "x" }], ["that is not known", null],
  ])("that might be meant, %s, may match", (_how, value) => {
    expect(repo(value)).toBe("maybe");
  });

  test("composed or not is one text to a server, perhaps", () => {
    expect(at("name", { is: ["caf\u00e9"] }, { name: "cafe\u0301" })).toBe("maybe");
    expect(at("name", { is: ["STRASSE"] }, { name: "straße" })).toBe("maybe");
  });

  test("letters of another script that only look alike are others", () => {
    expect(repo("асme/api")).toBe("no");
  });
});

describe("a name of an argument", () => {
  test("in another case might be that one; both together are looked at", () => {
    expect(at("repo", { is: ["acme/*"] }, { Repo: "acme/api" })).toBe("maybe");
    expect(at("repo", { is: ["acme/*"] }, { repo: "x", REPO: "acme/api" })).toBe("maybe");
    expect(at("repo", { given: true }, { Repo: "x" })).toBe("maybe");
  });

  test("is data of the arguments only", () => {
    expect(at("constructor", { given: true }, {})).toBe("no");
    expect(at("__proto__.polluted", { is: ["x"] }, JSON.parse('{ "__proto__": { "polluted": "x" } }') as Data)).toBe("yes");
    expect(at("$where", { is: ["x"] }, { $where: "x" })).toBe("yes");
  });

  test("that is absent, or null, may be anything, unless it has to be given", () => {
    for (const args of [{}, { repo: null }]) expect([at("repo", { is: ["x"] }, args), at("repo", { not: { is: ["x"] } }, args), at("repo", { over: 1 }, args), at("repo", { contains: ["x"] }, args)]).toEqual(["maybe", "maybe", "maybe", "maybe"]);
    expect([at("repo", { is: ["x"], given: true }, {}), at("repo", { given: false }, {}), at("repo", { is: ["x"], given: true }, { repo: null }), at("repo", { given: false }, { repo: null }), at("repo", { given: true }, { repo: "" })]).toEqual(["no", "yes", "maybe", "maybe", "yes"]);
  });
});

describe("a path", () => {
  test("goes to every item of a list, and into lists and texts that stand where it does not expect them", () => {
    const lines = (value: Data): string => at("lines[].price", { over: 1_000 }, { lines: value });
    expect([lines([{ price: 5 }, { price: 5_000 }]), lines([{ price: 5 }]), lines([]), lines({ price: 5_000 }), lines([[{ price: 5_000 }]]), lines("price: 5000"), lines([null]), lines([{}])]).toEqual(["yes", "no", "no", "maybe", "maybe", "maybe", "maybe", "maybe"]);
    expect([at("a.b", { is: [1] }, { a: [{ b: 1 }] }), at("a.b", { is: [1] }, { a: "{\"b\":1}" }), at("a.b", { is: [1] }, { a: { b: 1 } }), at("a.b", { is: [1] }, "x")]).toEqual(["maybe", "maybe", "yes", "maybe"]);
  });
});

describe("a number", () => {
  const amount = (value: Data, match: ArgumentMatch = { over: 1_000 }): string => at("amount", match, { amount: value });
  test("is compared as one; a text that could be one might be", () => {
    expect([1_000, 1_001, 1_000.5, -5_000].map((value) => amount(value))).toEqual(["no", "yes", "yes", "no"]);
    expect(["1001", "1e9", "1.500", "1,500", "1 500", "0x7d0", "１００１", "1001 EUR", "many", ""].map((value) => amount(value))).toEqual(Array.from({ length: 10 }, () => "maybe"));
    expect(["900", "12.50", "-5000"].map((value) => amount(value))).toEqual(["no", "no", "no"]);
    expect([amount([5, 5_000]), amount([5]), amount({ value: 5 }), amount(true), amount(new UnsafeInteger("9007199254740993"))]).toEqual(["maybe", "no", "maybe", "maybe", "maybe"]);
  });

  test("is equal as one, not as a text, and the other way around", () => {
    expect([amount(7, { is: [7] }), amount("7", { is: [7] }), amount(7, { is: ["7"] }), amount("8", { is: [7] }), amount(8, { is: ["7"] })]).toEqual(["yes", "maybe", "maybe", "no", "no"]);
    expect([amount(true, { is: [true] }), amount("true", { is: [true] }), amount(1, { is: [true] }), amount(false, { is: [true] })]).toEqual(["yes", "maybe", "maybe", "no"]);
  });

  test("under one and not over another", () => {
    expect([amount(5, { under: 10, not: { under: 5 } }), amount(4, { under: 10, not: { under: 5 } }), amount("5", { under: 10 })]).toEqual(["yes", "no", "maybe"]);
  });
});

test("a list has one of several among its items, a text has it in it", () => {
  const labels = (value: Data): string => at("labels", { contains: ["prod", "live"] }, { labels: value });
  expect([labels(["dev", "prod"]), labels(["dev"]), labels([]), labels(["production"]), labels(["PROD"]), labels([["prod"]]), labels("dev,prod"), labels("dev"), labels("Prod"), labels({ name: "prod" }), labels([{ name: "prod" }])]).toEqual(["yes", "no", "no", "no", "maybe", "maybe", "yes", "no", "maybe", "maybe", "maybe"]);
});

test("not knowing more never turns a yes into a no, or a no into a yes", () => {
  const scalar = fc.constantFrom<Data>("acme/x", "ACME/x", "y", 5, 5_000, "5000", true, null);
  const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 2 }), fc.record({ repo: scalar }));
  const plain = fc.constantFrom<ArgumentMatch>({ is: ["acme/*"] }, { contains: ["acme"] }, { over: 1_000 }, { under: 10 }, { given: true }, { is: [5, true] });
  const match = fc.oneof(plain, plain.map((not): ArgumentMatch => ({ not })), fc.tuple(plain, plain).map(([one, other]): ArgumentMatch => ({ ...one, ...other })));
  fc.assert(
    fc.property(match, value, (wanted, given) => {
      const known = at("repo", wanted, { repo: given });
      const unknown = at("repo", wanted, { repo: null });
      expect(unknown === "maybe" || unknown === known).toBe(true);
    }),
    { numRuns: 500 },
  );
});
