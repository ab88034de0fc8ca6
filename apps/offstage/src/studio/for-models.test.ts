import { expect, test } from "vitest";
import { asCalled, withoutCarets } from "./for-models.ts";

test.each([
  ["hint: Call it once to learn its shape: offstage call jira.search --args '{\"a\":1}' --project /tmp/x", "hint: Call it once to learn its shape: try_read jira.search with {\"a\":1}"],
  ["2 errors, 1 of them mended by `offstage check --fix --project '/tmp/a b'`", "2 errors, 1 of them mended by write with fix"],
  ["Run `offstage lock` and review it.", "Run `offstage lock` and review it."],
])("%j is read as %j", (text, read) => {
  expect(asCalled(text)).toBe(read);
});

test("a place is told by its line and column alone", () => {
  expect(withoutCarets("a:1:2 error X\n  1 | code\n    |   ^^^\n  hint: h")).toBe("a:1:2 error X\n  1 | code\n  hint: h");
});
