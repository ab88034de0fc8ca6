import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compileText, moduleOf } from "./compile.suite.ts";

const FIND = `find: (pr) => jira.jira_search.pages({ action: "issues", jql: pr.title })`;
const CREATE = `create: (pr) => jira.jira_issues({ action: "create", projectKey: "P", summary: pr.title })`;

function told(top: string, body = "await r.release('a');"): readonly string[] {
  return compileText(moduleOf(body, top)).diagnostics.filter(({ code }) => code.startsWith("TS")).map(({ code, hint }) => `${code} ${hint ?? ""}`);
}

test("a fault of types in a record's callback says what that is given, and what is kept", () => {
  const record = (keep: string, more = ""): string => `const r = record("r", { identity: (pr: github.PullRequest) => pr.node_id, ${FIND}, ${CREATE}, keep: ${keep}, ${more} });`;
  expect(told(record(`(found, pr) => ({ key: found.key, of: pr.node_idd })`))).toEqual([expect.stringMatching(/^TS2551 A record gives `keep` \(target: Created \| Found, item: Item, context: RecordContext\)\. What it gets is either, so only what both have is there\.$/)]);
  expect(told(record(`(found) => ({ found })`, `read: (kept) => jira.jira_issues({ action: "get", issueKey: kept.found })`))).toEqual([expect.stringMatching(/^TS2769 A record gives `read` \(kept: Kept, context: RecordContext\), `keep` \(target: /)]);
});

test("a search that gives no list is answered with where its answer has one", () => {
  const record = (find: string): string => `const r = record("r", { identity: (pr: github.PullRequest) => pr.node_id, find: ${find}, ${CREATE}, keep: (found) => ({ key: found.key }) });`;
  const [first] = told(record(`async (pr) => { const page = await jira.jira_search({ action: "issues", jql: pr.title }); return { issues: page.issues, more: 1 }; }`));
  expect(first).toBe("TS2322 `find` gives a list of what it found. What it gives now holds one: `(await …).issues`.");
});

test("a parameter whose type nothing tells is asked for, with the types that the module meets, and once", () => {
  const untyped = `const r = record("r", { identity: (pr) => pr.node_id + pr.title, ${FIND}, ${CREATE}, keep: (issue) => ({ key: issue.key }) });`;
  const [first, ...others] = told(untyped, `const pulls = await github.list_pull_requests(inputs); await each(pulls, { key: (pr) => pr.node_id }, (pr) => r.ensure(pr));`);
  expect(first).toMatch(/^TS18046 Write its type: `\(pr: \w+\.\w+\) => …`\. The tools that are called here also give .*github\.PullRequest/);
  expect(others.filter((one) => one.includes("(pr:"))).toEqual([]);
});

test("a type that a server does not have is answered with those that are called like it", () => {
  expect(told(`const text = (issue: jira.JiraIssue) => issue.key;`, "return 1;")).toEqual([expect.stringMatching(/^TS2694 (Nearest|There are): jira\.Issue\b/)]);
  expect(told(`const text = (pr: github.PullRequests) => pr.title;`, "return 1;")).toEqual([expect.stringMatching(/^TS2724 (Nearest|There are): github\.PullRequest\b/)]);
});

test("the short page tells what a record gives its callbacks as the vocabulary declares it", () => {
  const declared = readFileSync(new URL("../api/record.ts", import.meta.url), "utf8");
  const page = readFileSync(new URL("../../../../docs/language-short.md", import.meta.url), "utf8");
  for (const name of ["identity", "find", "create", "keep", "read", "same", "update", "release"]) {
    const given = new RegExp(`readonly ${name}\\??: \\(([^)]*), context: RecordContext\\)`).exec(declared)?.[1] ?? "";
    const words = given.split(", ").map((one) => (one === "target: Created | Found" ? "found | created" : one.replace(/:.*/, "")));
    expect(page).toContain(`\`${name}(${words.join(", ")})\``);
  }
});
