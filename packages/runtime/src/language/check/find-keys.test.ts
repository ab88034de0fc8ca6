import { expect, test } from "vitest";
import { compileText, moduleOf } from "../compile.suite.ts";

function codes(find: string, create: string, top = ""): readonly string[] {
  const record = `${top} const r = record("r", { identity: (pr: github.PullRequest) => pr.node_id, find: (pr) => jira.jira_search.pages({ action: "issues", jql: ${find} }), create: ${create}, keep: (i) => ({ key: i.key }) });`;
  return compileText(moduleOf("return 1;", record)).diagnostics.map(({ code }) => code).filter((code) => code !== "TOOL_UNREACHABLE");
}
const LABEL = `const label = (pr: github.PullRequest) => "gh-" + String(pr.id);`;
const made = (label: string): string => `(item) => jira.jira_issues({ action: "create", summary: item.title, labels: [${label}] })`;

test.each([
  ["`labels = ${quote.jql(label(pr))}`", made("label(item)"), LABEL],
  ["`labels = ${quote.jql(`gh-${pr.id}`)}`", made("label(item)"), LABEL],
  ["`labels = ${quote.jql(\"gh-\" + pr.node_id)}`", made("`gh-${item.node_id}`"), ""],
  ["`summary ~ ${quote.jql(pr.title)}`", made(`"a"`), ""],
  ["`text ~ ${quote.jql(pr.html_url)}`", "(item) => jira.jira_issues({ action: \"create\", summary: item.title, description: `Pull request: ${item.html_url}` })", ""],
  ["`project = ${quote.jql(\"PROD\")} AND labels = ${quote.jql(label(pr))}`", made("label(item)"), LABEL],
  ["`labels = ${quote.jql(\"gh-\" + pr.node_id)}`", "(item) => jira.jira_issues({ action: \"create\", ...fields(item) })", "const fields = (pr: github.PullRequest) => ({ summary: pr.title });"],
  ["\"labels = a\"", made(`"b"`), ""],
])("what is looked for is written: %s", (find, create, top) => {
  expect(codes(find, create, top)).toEqual([]);
});

test.each([
  ["`labels = ${quote.jql(\"gh-\" + pr.node_id)}`", made("`pr-${item.node_id}`"), ""],
  ["`labels = ${quote.jql(\"gh-\" + pr.node_id)}`", made("`gh-${item.number}`"), ""],
  ["`labels = ${quote.jql(label(pr))}`", made("`gh_${item.id}`"), LABEL],
])("it is not: %s", (find, create, top) => {
  expect(codes(find, create, top)).toEqual(["FIND_KEY_DIFFERS"]);
});
