import { expect, test } from "vitest";
import { withoutIssueDump } from "./issue-text.ts";

/** As zod, which most servers check arguments with, makes its message. */
const dump = (...issues: readonly object[]) => JSON.stringify(issues, null, 2);

test("what a validator dumped is told by its places and words", () => {
  const issues = [{ expected: "string", code: "invalid_type", path: ["project"], message: "Invalid input: expected string, received null" }, { code: "invalid_type", path: ["form", "counts", 1], message: "Expected number" }];
  expect(withoutIssueDump(`Invalid arguments for prompt greet: ${dump(...issues)}`)).toBe("Invalid arguments for prompt greet: project: Invalid input: expected string, received null; form.counts.1: Expected number");
  expect(withoutIssueDump(dump({ code: "invalid_type", path: [], message: "Required" }))).toBe("Required");
});

test("of many only the first are told", () => {
  expect(withoutIssueDump(dump(..."abcdefg".split("").map((name) => ({ path: [name], message: "Required" }))))).toBe("a: Required; b: Required; c: Required; d: Required; e: Required; and 2 more");
});

test.each(["", "no such prompt", "there are [{ of these }]", "[]", '[{"message":"x"}]', '[{"path":[{}],"message":"x"}]', '[{"path":[],"message":1}]', '[{"path":[],"message":"x"}] and more'])("%j is left as it is", (text) => {
  expect(withoutIssueDump(text)).toBe(text);
});
