import { expect, test } from "vitest";
import type { RuleNode } from "../program/index.ts";
import { compiler, serverTypes } from "./compile.suite.ts";
import { ruleFacts } from "./rule-facts.ts";

const PROFILE = `import { profile } from "offstage";
export default profile("jira@1", {
  jira_issues: [
    { when: (a) => a.action === "get", effect: "read", lag: "1m" },
    { when: (a) => a.action === "create", effect: "write", affects: ["jira_search"] },
  ],
  jira_search: [{ effect: "read", lag: "2m", pages: { by: "page", param: "page", items: (r) => r.issues } }],
  jira_comments: [{ when: (a) => a.issueKey.startsWith("A"), effect: "read", lag: "3m" }, { effect: "write" }],
  jira_workflow: [{ effect: "read", lag: "2m", consistent: true }],
  "*": { affects: ["other"] },
});`;

const { profile, types } = compiler.compileProfile({ server: "jira", file: "profiles/jira.ts", source: PROFILE, serverTypes });
const facts = ruleFacts([{ server: "jira", program: profile as NonNullable<typeof profile>, types: types as NonNullable<typeof types> }], () => null);

test("the rule whose literals hold says what a call is", () => {
  expect(facts.call("jira", "jira_issues", { action: "get" }, [])).toMatchObject({ lagMs: 60_000, affects: ["other"] });
  expect(facts.call("jira", "jira_issues", { action: "create" }, ["summary"])).toMatchObject({ lagMs: null, affects: ["jira_search"] });
  expect(facts.call("jira", "jira_search", null, "any")).toEqual({ pages: { param: "page", path: ["issues"] }, lagMs: 120_000, affects: ["other"] });
});

test("`*` fills in, a call that no rule is about has only that, and who reads consistently does not lag", () => {
  expect(facts.call("jira", "jira_issues", { action: "delete" }, [])).toEqual({ pages: null, lagMs: null, affects: ["other"] });
  expect(facts.call("jira", "nothing", {}, [])).toEqual({ pages: null, lagMs: null, affects: ["other"] });
  expect(facts.call("jira", "jira_workflow", {}, [])).toMatchObject({ lagMs: null });
});

test("what the text does not tell, and what is no comparison with a literal, says nothing", () => {
  expect(facts.call("jira", "jira_issues", {}, ["action"])).toBeNull();
  expect(facts.call("jira", "jira_issues", {}, "any")).toBeNull();
  expect(facts.call("jira", "jira_issues", null, "any")).toBeNull();
  expect(facts.call("jira", "jira_comments", { issueKey: "A-1" }, [])).toBeNull();
  expect(facts.call("github", "list_issues", {}, [])).toBeNull();
});

test("names that every object has are no tools", () => {
  const rules: { readonly [tool: string]: readonly RuleNode[] } = {};
  expect(ruleFacts([{ server: "x", program: { rules }, types: { tools: {} } }], () => null).call("x", "constructor", {}, [])).toEqual({ pages: null, lagMs: null, affects: [] });
});
