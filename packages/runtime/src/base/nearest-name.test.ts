import { expect, test } from "vitest";
import { nearestName } from "./nearest-name.ts";

test.each([
  ["githb", "github"],
  ["gihtub", "github"],
  ["GitHub", "github"],
  ["list_pull_request", "list-pull-requests"],
  ["jirra", "jira"],
  ["slack", null],
  ["", null],
])("%j means %j", (typed, meant) => {
  expect(nearestName(typed, ["jira", "github", "list-pull-requests"])).toBe(meant);
});

test("nothing is near where nothing is", () => {
  expect(nearestName("github", [])).toBeNull();
});

test("of a very long name the beginning is compared, so that it is no work", () => {
  expect(nearestName("x".repeat(1_000_000), ["y".repeat(1_000_000), `${"x".repeat(64)}y`])).toBe(`${"x".repeat(64)}y`);
});
