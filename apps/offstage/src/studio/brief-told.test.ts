import type { Data } from "offstage/base";
import type { Told } from "offstage/studio";
import { expect, test } from "vitest";
import { briefTold } from "./brief-told.ts";

const told = (more: Partial<Told>): Told => ({ ok: true, text: "text", data: { a: [1, "b"] }, notes: "", ...more });

test("what a session can show is handed over as it is", () => {
  expect(briefTold(told({}))).toEqual(told({}));
});

test("a text that is too long keeps its beginning and its end, and says that it was cut", () => {
  const { text, isCut, data } = briefTold(told({ text: `begins\n${"x".repeat(3_000_000)}\nends` }));
  expect([isCut, text.startsWith("begins\n"), text.endsWith("\nends"), text.length < 110_000]).toEqual([true, true, true, true]);
  expect(text).toContain("… 2900012 more characters …");
  expect(data).toEqual({ a: [1, "b"] });
});

test.each<[string, Data]>([
  ["many members", Object.fromEntries(Array.from({ length: 300_000 }, (_, at) => [`key${at}`, at]))],
  ["many items", Array.from({ length: 300_000 }, (_, at) => ({ at }))],
  ["a long text", { text: "x".repeat(5_000_000) }],
  ["long names", { ["n".repeat(5_000_000)]: 1 }],
  ["many levels", Array.from({ length: 201 }).reduce<Data>((inner) => ({ inner }), 1)],
  ["what is nested", Array.from({ length: 1_000 }, () => ({ in: { of: ["x".repeat(2_000)] } }))],
])("data with %s is not handed over, and that is told", (_, data) => {
  expect(briefTold(told({ data }))).toMatchObject({ isCut: true, data: expect.stringMatching(/^This is larger, or nests deeper, than can be shown here: \d+ (items|members) on top\.$/) as string });
});

test("of a plan that is too large it is handed over which it is and how many writes it has, and none of them can be drawn", () => {
  const effects = Array.from({ length: 12 }, (_, at) => ({ id: `e${at}`, args: "x".repeat(500_000) }));
  expect(briefTold(told({ data: { plan: { id: "p", workflow: "w", effects } } }))).toEqual({ ...told({ data: { plan: { id: "p", effects: effects.map(() => null) } } }), isCut: true });
});
