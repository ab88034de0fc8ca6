import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Data, UnsafeInteger } from "../base/index.ts";
import { conforms } from "./conforms.ts";
import { learn, mergeLearnt } from "./learn.ts";
import { NOTHING_LEARNT, withLearntSchema } from "./learnt.ts";
import { type LearntSchema, looksLikeData, MAX_LEARNT_FIELDS } from "./learnt-schema.ts";
import { learntData, parseLearnt, printLearnt } from "./learnt-text.ts";

function learntFrom(...values: readonly Data[]): LearntSchema {
  const learnt = values.reduce<LearntSchema | null>(learn, null);
  if (learnt === null) throw new Error("nothing to learn from");
  return learnt;
}

function printed(schema: LearntSchema): string {
  return printLearnt(withLearntSchema(NOTHING_LEARNT, { server: "s", tool: "t", case: "*" }, schema));
}

describe("what is learnt", () => {
  test.each<[string, readonly Data[], Data]>([
    ["members that were always there are required", [{ a: 1, b: "x" }, { a: 2 }], { type: "object", properties: { a: { type: "integer" }, b: { type: "string" } }, required: ["a"] }],
    ["types add up", [1, "x", null], { type: ["integer", "null", "string"] }],
    ["a fraction makes numbers of integers", [1, 1.5], { type: "number" }],
    ["a poisoned integer is an integer", [new UnsafeInteger("9007199254740993")], { type: "integer" }],
    ["items of all lists are one", [[{ a: 1 }], [{ b: 1 }, { a: 2 }]], { type: "array", items: { type: "object", properties: { a: { type: "integer" }, b: { type: "integer" } } } }],
    ["an empty list says nothing of its items", [[]], { type: "array" }],
    ["an empty object has no members", [{}], { type: "object", properties: {} }],
    ["names that are data are a map", [{ "10001": { n: 1 }, "10002": { n: null } }], { type: "object", properties: {}, additionalProperties: { type: "object", properties: { n: { type: ["integer", "null"] } }, required: ["n"] } }],
    ["names that are data beside those that are not", [{ total: 1, "2026-01-01": "x" }], { type: "object", properties: { total: { type: "integer" } }, required: ["total"], additionalProperties: { type: "string" } }],
  ])("%s", (_, values, schema) => {
    expect(learntData(learntFrom(...values))).toEqual(schema);
  });

  test("more names than a shape has are data", () => {
    const many = (from: number, count: number): Data => Object.fromEntries(Array.from({ length: count }, (_, index) => [`user_${String.fromCharCode(97 + ((from + index) % 26))}${"x".repeat(Math.floor((from + index) / 26))}`, from]));
    const map = { type: "object", additionalProperties: { type: "integer" } };
    expect(learntData(learntFrom(many(0, MAX_LEARNT_FIELDS + 1)))).toEqual(map);
    expect(learntData(learntFrom(many(0, 60), many(60, 60), {}))).toEqual(map);
    expect(learntData(learntFrom(many(0, MAX_LEARNT_FIELDS)))["properties"]).toBeDefined();
  });

  test("depth is capped", () => {
    let deep: Data = "x";
    for (let level = 0; level < 50; level++) deep = [deep];
    expect(printed(learntFrom(deep)).match(/items/g)?.length).toBe(12);
  });

  test("no value is kept", () => {
    const secret = { title: "s3cret-title", body: ["s3cret-body"], n: 123456789, "s3cret@example.com": true };
    expect(printed(learntFrom(secret))).not.toMatch(/s3cret|123456789/);
  });
});

test.each(["1", "-7", "PROJ-12", "2026-01-01T00:00:00Z", "550e8400-e29b-41d4-a716-446655440000", "0a1b2c3d4e5f60718293", "a@b.c", "src/index.ts", "https://x", "two words", "", "x".repeat(65), "01J8ZQ4V7M3K2N5P6R8T9W0XYZ"])("%s is data", (name) => {
  expect(looksLikeData(name)).toBe(true);
});

test.each(["id", "node_id", "customfield_10016", "html_url", "isLast", "x-rate-limit", "additions", "48x48".slice(2), "_links", "feedfacebeef", "performed_via_github_app", "totalCountOfAllItemsInTheList"])("%s is a name", (name) => {
  expect(looksLikeData(name)).toBe(false);
});

const value = fc.letrec<{ value: Data }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", maxDepth: 4 },
    fc.constantFrom<Data>(null, true, 1, 1.5, "x", new UnsafeInteger("9007199254740993")),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom("a", "b", "c", "7", "__proto__", "X-1"), fc.string({ maxLength: 3 })), tie("value"), { maxKeys: 4 }),
    fc.uniqueArray(fc.integer({ min: 0, max: 180 }), { minLength: 50, maxLength: 120 }).map((names) => Object.fromEntries(names.map((name) => [`k${String.fromCharCode(97 + (name % 26))}${"y".repeat(name / 26)}`, 1]))),
  ),
})).value;

describe("whatever is seen", () => {
  test("conforms to what was learnt from it", () => {
    fc.assert(fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
      const learnt = learntFrom(...values);
      for (const one of values) expect(conforms(learnt, one)).toEqual([]);
    }));
  });

  test("is learnt alike in every order, at once or in parts", () => {
    fc.assert(fc.property(fc.array(value, { minLength: 2, maxLength: 5 }).chain((values) => fc.tuple(fc.constant(values), fc.shuffledSubarray(values, { minLength: values.length }), fc.integer({ min: 1, max: values.length - 1 }))), ([values, shuffled, cut]) => {
      expect(printed(learntFrom(...shuffled))).toBe(printed(learntFrom(...values)));
      expect(printed(mergeLearnt(learntFrom(...values.slice(0, cut)), learntFrom(...values.slice(cut))))).toBe(printed(learntFrom(...values)));
    }));
  });

  test("is learnt once: seen again it changes nothing", () => {
    fc.assert(fc.property(value, value, (a, b) => {
      expect(printed(learntFrom(a, b, a))).toBe(printed(learntFrom(a, b)));
    }));
  });

  test("is the same when it was written down in between", () => {
    fc.assert(fc.property(value, value, (a, b) => {
      const read = parseLearnt(printed(learntFrom(a)));
      expect(read.diagnostics).toEqual([]);
      const again = read.learnt.servers.get("s")?.get("t")?.get("*");
      expect(printed(learn(again ?? null, b))).toBe(printed(learntFrom(a, b)));
    }));
  });
});
