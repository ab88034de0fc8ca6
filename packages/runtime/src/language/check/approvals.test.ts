import { expect, test } from "vitest";
import { compileText, moduleOf } from "../compile.suite.ts";

function found(options: string, top = ""): readonly string[] {
  return compileText(moduleOf(`await approve(${options});`, top)).diagnostics.filter(({ code }) => code === "APPROVAL_IMPOSSIBLE").map(({ severity, column }) => `${severity} ${column}`);
}

test("an approval that nobody can give is refused", () => {
  expect(found(`{ message: "x", by: [] }`)).toEqual(["error 35"]);
  expect(found(`{ message: "x", by: [""] }`)).toEqual(["error 35"]);
  expect(found(`{ message: "x", within: "0s" }`)).toEqual(["error 39"]);
  expect(found(`{ message: "x", onTimeout: "deny" }`)).toEqual(["warning 42"]);
});

test("so is one whose people or time stand in a constant", () => {
  expect(found(`{ message: "x", by: nobody }`, "const nobody: readonly string[] = [];")).toEqual(["error 35"]);
  expect(found(`{ message: "x", by }`, `const by = [" "];`)).toEqual(["error 31"]);
  expect(found(`{ message: "x", "by": [...some, ...others] }`, `const some: readonly string[] = []; const others: readonly string[] = [];`)).toEqual(["error 37"]);
  expect(found(`{ message: "x", within }`, `const within = "0m";`)).toEqual(["error 31"]);
});

test("less than a minute is told: people have to see it first", () => {
  expect(found(`{ message: "x", within: "59s" }`)).toEqual(["warning 39"]);
  expect(found(`{ message: "x", within: soon }`, `const soon = "900ms";`)).toEqual(["warning 39"]);
  expect(found(`{ message: "x", within: "60s" }`)).toEqual([]);
});

test("one that somebody can give is not", () => {
  expect(found(`{ message: "x" }`)).toEqual([]);
  expect(found(`{ message: "x", by: ["ana"], within: "24h", onTimeout: "fail" }`)).toEqual([]);
  expect(found(`{ message: "x", by: inputs.tags }`)).toEqual([]);
  expect(found(`{ message: "x", by: [...inputs.tags, ...owners] }`, `const owners: readonly string[] = [];`)).toEqual([]);
  expect(found(`{ message: "x", by: owners }`, `const owners = ["ana", "bob"];`)).toEqual([]);
});
