import { expect, test } from "vitest";
import type { Data } from "../base/index.ts";
import { conforms } from "./conforms.ts";
import { learn } from "./learn.ts";

const learnt = learn(null, { items: [{ id: 1, user: { login: "x" } }], "odd name?": "s", next: null });

test.each<[string, Data, readonly string[]]>([
  ["new members are no mismatch", { items: [], "odd name?": "s", next: null, extra: 1 }, []],
  ["a member that is missing", { items: [{ id: 1, user: {} }], "odd name?": "s", next: null }, ["items[].user.login"]],
  ["a member of another type", { items: [{ id: "1", user: { login: "x" } }], "odd name?": 3, next: "c" }, ["items[].id", '["odd name?"]', "next"]],
  ["the whole result", "Not what it was", [""]],
  ["one path for all items", { items: [{ id: "1", user: null }, { id: "2", user: null }], "odd name?": "s", next: null }, ["items[].id", "items[].user"]],
])("%s", (_, value, paths) => {
  expect([...conforms(learnt, value)].sort()).toEqual([...paths].sort());
});

test("no more than twenty paths are told", () => {
  const many = (value: Data): Data => Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`m${"i".repeat(index)}`, value]));
  expect(conforms(learn(null, many(1)), many("x")).length).toBe(20);
});
