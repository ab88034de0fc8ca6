import { expect, test } from "vitest";
import type { RuleTypeInfo } from "./profile-types.ts";
import { toolCases } from "./tool-cases.ts";

const action = (equals: string, more: Partial<RuleTypeInfo> = {}): RuleTypeInfo => ({ when: [{ argument: "action", equals }], ...more });
const schema = { properties: { action: { enum: ["get", "add"] } }, required: ["action"] };

test("without rules all calls are one case", () => {
  expect(toolCases([], schema)).toEqual({ special: [], general: { key: "*", suffix: "", equals: [], texts: [], plain: true } });
});

test("literals make cases; the rest is one when there can be a rest", () => {
  expect(toolCases([action("get"), action("add")], schema).general).toBeNull();
  expect(toolCases([action("get")], schema).general?.key).toBe("*");
  expect(toolCases([action("get"), action("add")], { ...schema, required: [] }).general).not.toBeNull();
  expect(toolCases([action("get"), action("add")], undefined).general).not.toBeNull();
});

test("a rule that always holds ends the list; the same literals twice are the first's", () => {
  const { special, general } = toolCases([action("get", { result: "A" }), action("get", { result: "B" }), { when: [], result: "C" }, action("add")], schema);
  expect(special.map(({ suffix, texts, plain }) => [suffix, texts.map(({ text }) => text), plain])).toEqual([["Get", ["A"], false]]);
  expect(general).toMatchObject({ texts: [{ text: "C" }], plain: false });
});

test("a rule of which types cannot tell whether it holds may be any later case", () => {
  const { special, general } = toolCases([action("get", { result: "A" }), { when: null, result: "B" }, action("add")], schema);
  expect(special.map(({ texts, plain }) => [texts.map(({ text }) => text), plain])).toEqual([[["A"], false], [["B"], true]]);
  expect(general).toBeNull();
});

test("literals that are no texts are named with their argument", () => {
  const { special } = toolCases([{ when: [{ argument: "dry_run", equals: true }, { argument: "mode", equals: "fast-one" }] }], undefined);
  expect(special.map(({ key, suffix }) => [key, suffix])).toEqual([["dry_run=true&mode=fast-one", "DryRunTrueFastOne"]]);
});
