import { expect, test } from "vitest";
import { UnsafeInteger } from "../base/index.ts";
import { catalogueOf, field, isRecord } from "./catalogue.ts";

const listing = { server: "x", era: "modern", protocolVersion: "2026-07-28", serverInfo: { name: "X", version: 3 } } as const;

test("keeps tools whole and in the order of the listing", () => {
  const { catalogue, faults } = catalogueOf({ ...listing, tools: [{ name: "b", _meta: { odd: 1 } }, { name: "a" }] });
  expect([...catalogue.tools.keys()]).toEqual(["b", "a"]);
  expect(catalogue.tools.get("b")).toEqual({ name: "b", _meta: { odd: 1 } });
  expect(catalogue.protocol).toEqual({ era: "modern", revision: "2026-07-28" });
  expect(faults).toEqual([]);
});

test("a version that is no text counts as none", () => {
  expect(catalogueOf({ ...listing, tools: [] }).catalogue.info).toEqual({ name: "X", version: "" });
});

test("a tool without a name and tools that share one cannot be called", () => {
  const { catalogue, faults } = catalogueOf({ ...listing, tools: [{ name: "twice" }, { name: "twice", description: "which?" }, { name: "" }, 3, { name: "once" }] });
  expect([...catalogue.tools.keys()]).toEqual(["once"]);
  expect(faults.map(({ tool }) => tool)).toEqual([null, null, "twice"]);
});

test("only own members are fields, and a poisoned integer is no object", () => {
  expect(field({ a: 1 }, "toString")).toBeUndefined();
  expect(field(JSON.parse('{"__proto__": 1}'), "__proto__")).toBe(1);
  expect(isRecord(new UnsafeInteger("9007199254740993"))).toBe(false);
});
