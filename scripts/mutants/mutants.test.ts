import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MUTANTS } from "./mutants.ts";

const SOURCE = join(import.meta.dirname, "../../packages/runtime/src");

test("what each mutant changes stands exactly once in its file", () => {
  const stale = MUTANTS.filter(({ file, from }) => readFileSync(join(SOURCE, file), "utf8").split(from).length !== 2);
  expect(stale.map(({ name }) => name)).toEqual([]);
});

test("no two mutants have one name, and each changes something", () => {
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
  expect(MUTANTS.filter(({ from, to }) => from === to)).toEqual([]);
});
