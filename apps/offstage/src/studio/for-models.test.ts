import { expect, test } from "vitest";
import { commandLine, inProject } from "../command-line.ts";
import { asCalled, withoutCarets } from "./for-models.ts";

const IO = { projectFolder: "/tmp/a b", asCalled };

test.each([
  ["Call it once to learn its shape: offstage call jira.search --args '{\"a\":1}'", "Call it once to learn its shape: try_read jira.search with {\"a\":1}"],
  ["Call it once to learn its shape: offstage call jira.search --args '{\"a\":\"it'\\''s\"}'", "Call it once to learn its shape: try_read jira.search with {\"a\":\"it's\"}"],
  ["2 errors, 1 of them mended by `offstage check --fix`", "2 errors, 1 of them mended by `write with fix`"],
  ["Run `offstage check`. See what is wrong with it: offstage check rich", "Run `check`. See what is wrong with it: check rich"],
  ["`offstage tools github.x` shows what it takes; `offstage tools <words>` searches.", "`find_tools github.x` shows what it takes; `find_tools` searches."],
  ["There are: a. Record it: offstage record rich --case plan", "There are: a. Record it: plan rich"],
  ["See `offstage show 1a2b`, or `offstage runs`.", "See `runs with run 1a2b`, or `runs`."],
  ["Plan it: offstage plan rich. Then: offstage apply 1a2b", "Plan it: plan rich. Then: apply with plan 1a2b"],
  ["Or make one real call: offstage call jira.create --args '{\"a\":\"b --yes\"}' --yes --learn", "Or make one real call: only a person can, at a terminal. What a profile says holds when it is adopted: adopt profiles/jira.ts"],
  ["Run `offstage lock` and review it.", "Run `offstage lock --project '/tmp/a b'` and review it."],
])("%j is read as %j", (text, read) => {
  expect(inProject(IO, text)).toBe(read);
});

test("a command that is made of words is the session's too, and not made another once more", () => {
  const hint = `\`${commandLine(IO, "tools", "jira")}\` lists them: ${commandLine(IO, "lock", "--check")}`;
  expect(inProject(IO, hint)).toBe("`find_tools jira` lists them: offstage lock --check --project '/tmp/a b'");
});

test("a place is told by its line and column alone", () => {
  expect(withoutCarets("a:1:2 error X\n  1 | code\n    |   ^^^\n  hint: h")).toBe("a:1:2 error X\n  1 | code\n  hint: h");
});
