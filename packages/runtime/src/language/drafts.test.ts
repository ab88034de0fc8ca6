import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { bare, compiler, compileText, mayWrite, serverTypes } from "./compile.suite.ts";

const text = (name: string): string => readFileSync(new URL(`fixtures/${name}.txt`, import.meta.url), "utf8");

test("the main job's workflow checks without a warning", () => {
  const { program, diagnostics } = compileText(text("leak-tickets"));
  expect(diagnostics).toEqual([]);
  expect(program).toMatchObject({
    name: "leak-tickets", inputs: { owner: "acme", repo: "api" }, limits: { writes: 50 },
    triggers: [{ kind: "every", intervalMs: 600_000 }, { kind: "webhook", source: "github" }, { kind: "cron", timezone: "UTC", sweep: true }],
    records: [{ name: "ticket", scope: "workflow", find: { steps: true }, identity: { steps: false }, releaseWhen: { steps: true } }],
    tools: [
      { server: "github", tool: "add_issue_comment" }, { server: "github", tool: "get_pull_request" }, { server: "github", tool: "list_pull_requests" },
      { server: "jira", tool: "jira_issues" }, { server: "jira", tool: "jira_search" }, { server: "jira", tool: "jira_workflow" },
    ],
  });
  expect(program?.debug.globals).toEqual(["label", "transitionTo"]);
});

test("a record's callbacks see helpers, and calls of those that take steps have a site", () => {
  const release = compileText(text("leak-tickets")).program?.records[0]?.release;
  expect(bare(release?.body)).toEqual([
    { kind: "return", value: { kind: "call", callee: { kind: "global", index: 1 }, args: [{ kind: "get", on: "object", value: { kind: "local", up: 0, slot: 0 }, name: "key" }, { kind: "const", value: "Done" }], callSite: "transitionTo#1" } },
  ]);
});

test("call sites of callbacks follow the source, wherever an option stands", () => {
  const { program } = compileText(text("leak-tickets").replace(/(\n {2}identity: .*)([\s\S]*?)(\n\}\);)/, "$2$1$3"));
  const sites = (fn: unknown): string[] => [...JSON.stringify(fn).matchAll(/"site":"([^"]+)"/g)].map((match) => match[1] ?? "");
  expect(sites(program?.records[0]?.create)).toEqual(["jira.jira_issues#1"]);
  expect(sites(program?.records[0]?.update)).toEqual(["jira.jira_issues#3"]);
});

test("the github profile: rules, paging through a helper, patterns", () => {
  const { profile, diagnostics } = compiler.compileProfile({ server: "github", file: "profiles/github.ts", source: text("github.profile"), serverTypes });
  expect(diagnostics).toEqual([]);
  expect(profile).toMatchObject({
    kind: "profile", package: "@modelcontextprotocol/server-github@2025",
    rules: {
      list_commits: [{ effect: "read", pages: { by: "page", param: "page", size: { param: "perPage", value: 100 } } }],
      update_issue: [{ effect: "write", idempotent: true, affects: ["get_issue", "list_issues"] }],
      add_issue_comment: [{ undo: "none", refused: { steps: false, body: [{ kind: "return", value: { kind: "method", name: "test", on: "regexp" } }] } }],
      search_issues: [{ lagMs: 60_000 }],
      "*": [{ rate: { perSecond: 8, concurrent: 4 } }],
    },
  });
});

test("the jira profile, with its types and before there are any", () => {
  const input = { server: "jira", file: "profiles/jira.ts", source: text("jira.profile") };
  for (const { profile, types, diagnostics } of [compiler.compileProfile({ ...input, serverTypes }), compiler.compileProfile(input)]) {
    expect(diagnostics).toEqual([]);
    expect(profile?.rules["jira_issues"]).toMatchObject([{ effect: "read", gone: {} }, { effect: "write", undo: "none", result: {}, refused: {} }, { idempotent: true }, {}]);
    expect(profile?.rules["jira_search"]).toMatchObject([{ lagMs: 120_000, pages: { by: "none", items: {}, more: {} } }]);
    expect(types).toMatchObject({
      server: "jira",
      tools: { jira_issues: [{ when: [{ argument: "action", equals: "get" }] }, { when: [{ argument: "action", equals: "create" }], result: "{ readonly key: string }" }, {}, {}], jira_search: [{ when: [], pages: { path: ["issues"] } }] },
    });
    expect(types?.tools).not.toHaveProperty("*");
  }
});

test("what a checked workflow may write is asked with what the text says of the arguments", () => {
  const asked: unknown[] = [];
  compileText(text("leak-tickets"), {
    mayWrite: (server, tool, known, open) => {
      if (tool === "jira_workflow" || tool === "add_issue_comment") asked.push([server, tool, known, open]);
      return mayWrite(server, tool, known);
    },
  });
  expect(asked).toContainEqual(["jira", "jira_workflow", { action: "get_transitions" }, ["issueKey"]]);
  expect(asked).toContainEqual(["github", "add_issue_comment", {}, "any"]);
});
