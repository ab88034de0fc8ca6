import { describe, expect, it } from "vitest";
import type { JiraIssue } from "./issue.ts";
import { compileJql } from "./jql-match.ts";

function issue(number: number, changes: Partial<JiraIssue> = {}): JiraIssue {
  return {
    id: String(10_000 + number), key: `PROD-${number}`, project: "PROD", summary: `Issue ${number}`, description: null, issueType: "Bug",
    priority: "Medium", status: "To Do", labels: [], assignee: null, createdAt: number, updatedAt: number, ...changes,
  };
}

const ISSUES = [
  issue(1, { summary: "Memory leak in agent", labels: ["gh-pr-1", "bug"] }),
  issue(2, { summary: 'say "hi" \\ there', labels: ["gh-pr-12"], status: "Done" }),
  issue(3, { summary: "memleak", project: "OPS", key: "OPS-1" }),
  issue(4, { summary: "修复 memory leaks", labels: ["it's"] }),
];

function keys(jql: string): readonly string[] | string {
  const compiled = compileJql(jql);
  return compiled.ok ? compiled.select(ISSUES).map((one) => one.key) : compiled.message;
}

describe("JQL that Jira takes", () => {
  it.each([
    ['project = PROD AND labels = "gh-pr-1"', ["PROD-1"]],
    ["project = prod and labels = gh-pr-1", ["PROD-1"]],
    ["labels = GH-PR-1", []],
    ['labels in ("gh-pr-1", gh-pr-12)', ["PROD-2", "PROD-1"]],
    ['labels not in ("gh-pr-1")', ["PROD-4", "PROD-2"]],
    ['labels != "bug"', ["PROD-4", "PROD-2"]],
    ["labels = 'it\\'s'", ["PROD-4"]],
    ['labels = "gh\\u002dpr-12"', ["PROD-2"]],
    ['summary ~ "memory leak"', ["PROD-1"]],
    ['summary ~ "memory leak*"', ["PROD-4", "PROD-1"]],
    ['summary ~ "mem"', []],
    ['project = OPS AND summary !~ "memory"', ["OPS-1"]],
    ['status = done OR (project = "Operations" AND type = Bug)', ["OPS-1", "PROD-2"]],
    ["project = PROD AND status = Done OR project = OPS", ["OPS-1", "PROD-2"]],
    ["project = PROD ORDER BY created ASC", ["PROD-1", "PROD-2", "PROD-4"]],
    ["project = PROD ORDER BY status, key DESC", ["PROD-2", "PROD-4", "PROD-1"]],
    ["key = PROD-4", ["PROD-4"]],
  ])("%s", (jql, expected) => {
    expect(keys(jql)).toEqual(expected);
  });
});

describe("JQL that Jira refuses", () => {
  it.each([
    ["", "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."],
    ["ORDER BY created", "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."],
    ["project = NOPE", "The value 'NOPE' does not exist for the field 'project'."],
    ["nope = 1", "Field 'nope' does not exist or you do not have permission to view it."],
    ['labels ~ "x"', "The operator '~' is not supported by the 'labels' field."],
    ['summary = "x"', "The operator '=' is not supported by the 'summary' field."],
    ["project = PROD ORDER BY votes", "Not able to sort using field 'votes'."],
    ["project = PROD labels = x", "Error in the JQL Query: Expecting either 'OR' or 'AND' but got 'labels'. (line 1, character 16)"],
    ["project =", "Error in the JQL Query: Expecting a value but got the end of the query. (line 1, character 10)"],
    ["project", "Error in the JQL Query: Expecting an operator but got the end of the query. (line 1, character 8)"],
    ["labels = gh*", "Error in the JQL Query: The character '*' is a reserved JQL character. You must enclose it in a string or use the escape '\\u002a' instead. (line 1, character 12)"],
    ['labels = "gh', "Error in the JQL Query: The quoted string 'gh' has not been completed. (line 1, character 10)"],
    ['labels = "\\d"', "Error in the JQL Query: '\\d' is an illegal JQL escape sequence. The valid escape sequences are \\', \\\", \\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX. (line 1, character 11)"],
    ["labels = and", "Error in the JQL Query: 'and' is a reserved JQL word. You must surround it in quotation marks to use it in a query. (line 1, character 10)"],
    ["labels in (a, b", "Error in the JQL Query: Expecting either ')' or ',' but got the end of the query. (line 1, character 16)"],
    ["project = PROD AND\ncreated > 1", "Error in the JQL Query: This Jira emulator has no operator '>'. (line 2, character 9)"],
    ["project = PROD AND", "Error in the JQL Query: Expecting a field name but got the end of the query. (line 1, character 19)"],
  ])("%s", (jql, message) => {
    expect(keys(jql)).toBe(message);
  });

  it("refuses deep nesting instead of overflowing", () => {
    expect(keys("(".repeat(100_000))).toContain("nested too deeply");
  });
});
