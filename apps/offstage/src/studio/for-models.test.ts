import { expect, test } from "vitest";
import { forModels } from "./for-models.ts";

test.each([
  ["hint: Call it once to learn its shape: offstage call jira.search --args '{\"a\":1}' --project /tmp/x", "hint: Call it once to learn its shape: try_read jira.search with {\"a\":1}"],
  ["2 errors, 1 of them mended by `offstage check --fix --project '/tmp/a b'`", "2 errors, 1 of them mended by write with fix"],
  ["Run `offstage lock` and review it.", "Run `offstage lock` and review it."],
  ["a:1:2 error X\n  1 | code\n    |   ^^^\n  hint: h", "a:1:2 error X\n  1 | code\n  hint: h"],
])("%j is read as %j", (text, read) => {
  expect(forModels(text)).toBe(read);
});
