import { allWarnings } from "offstage/tools";
import { expect, test } from "vitest";
import { realLists } from "./catalogues.ts";

test("of twenty honest servers nothing is said but which tools have the same names", () => {
  const warnings = allWarnings(realLists().map(({ catalogue, instructions }) => ({ server: catalogue.server, tools: catalogue.tools, instructions })));
  expect(warnings.filter(({ kind }) => kind !== "same-name")).toEqual([]);
  expect(warnings.map(({ server }) => server)).toContain("github");
});
