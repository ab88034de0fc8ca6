import { expect, test } from "vitest";
import { type FoundTool, searchTools } from "./search-tools.ts";

const TOOLS: readonly FoundTool[] = [
  ["github", "list_pull_requests", "List the pull requests of a repository"],
  ["github", "create_pull_request", "Create a new pull request"],
  ["github", "create_pull_request_review", "Create a review on a pull request"],
  ["jira", "jira_issues", "Get, create or update an issue"],
  ["gitlab", "listMergeRequests", "Merge requests; pulls elsewhere"],
].map(([server = "", tool = "", description = ""]) => ({ server, tool, description, effect: "write" }));

const names = (...words: readonly string[]): readonly string[] => searchTools(TOOLS, words).map((found) => found.tool);

test("every word has to be somewhere; names count more than descriptions", () => {
  expect(names("create", "pull")).toEqual(["create_pull_request", "create_pull_request_review"]);
  expect(names("pull").slice(0, 2)).toEqual(["create_pull_request", "list_pull_requests"]);
  expect(names("pull").at(-1)).toBe("listMergeRequests");
  expect(names("issue", "update")).toEqual(["jira_issues"]);
});

test("case, plural and the way a name is written make no difference", () => {
  expect(names("Merge-Request")).toEqual(["listMergeRequests"]);
  expect(names("ISSUES")).toEqual(["jira_issues"]);
});

test("no words: everything by name; words that fit nowhere: nothing", () => {
  expect(names()).toEqual(["create_pull_request", "create_pull_request_review", "list_pull_requests", "listMergeRequests", "jira_issues"]);
  expect(names("kubernetes")).toEqual([]);
});
