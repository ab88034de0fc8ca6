import { expect, test } from "vitest";
import { compileText, moduleOf } from "../compile.suite.ts";

function found(options: string): readonly string[] {
  return compileText(moduleOf(`await approve(${options});`)).diagnostics.filter(({ code }) => code === "APPROVAL_IMPOSSIBLE").map(({ severity, column }) => `${severity} ${column}`);
}

test("an approval that nobody can give is refused", () => {
  expect(found(`{ message: "x", by: [] }`)).toEqual(["error 35"]);
  expect(found(`{ message: "x", by: [""] }`)).toEqual(["error 35"]);
  expect(found(`{ message: "x", within: "0s" }`)).toEqual(["error 39"]);
  expect(found(`{ message: "x", onTimeout: "deny" }`)).toEqual(["warning 42"]);
});

test("one that somebody can give is not", () => {
  expect(found(`{ message: "x" }`)).toEqual([]);
  expect(found(`{ message: "x", by: ["ana"], within: "24h", onTimeout: "fail" }`)).toEqual([]);
  expect(found(`{ message: "x", by: inputs.tags }`)).toEqual([]);
});
