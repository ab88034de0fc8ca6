import { expect, test } from "vitest";
import { isAmong, peopleOf } from "./approvers.ts";

const approvers = { groups: { oncall: ["ada", "bob"], all: ["ada", "kim", "oncall"] } };

test("a list of people and groups stands for its people, each once", () => {
  expect(peopleOf(["oncall", "ada", "eve", "toString"], approvers)).toEqual(["ada", "bob", "eve", "toString"]);
});

test("a group is nobody, also not as a member of another one", () => {
  expect(peopleOf(["all"], approvers)).toEqual(["ada", "kim"]);
  expect(["ada", "oncall", "bob"].map((name) => isAmong(["all"], name, approvers))).toEqual([true, false, false]);
});
