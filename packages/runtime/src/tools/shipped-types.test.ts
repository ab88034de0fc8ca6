import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Data } from "../base/index.ts";
import { createCompiler } from "../language/index.ts";
import { classesOf } from "./call-classes.ts";
import { type Learnt, NOTHING_LEARNT, withResult } from "./learnt.ts";
import type { Lock } from "./lock.ts";
import { caseKey, caseOf, type ProfileTypeInfo } from "./profile-types.ts";
import { generateServerTypes } from "./server-types.ts";
import { AWKWARD, someLock } from "./tools.suite.ts";

const compiler = createCompiler();
const tools = { github: AWKWARD["@modelcontextprotocol/server-github@2025.4.8"] ?? [], jira: AWKWARD["@nexus2520/jira-mcp-server@1.2.0"] ?? [] };

function compiled(server: keyof typeof tools) {
  const source = readFileSync(new URL(`../../profiles/${server}.ts`, import.meta.url), "utf8");
  const { profile, types, diagnostics } = compiler.compileProfile({ server, file: `${server}.ts`, source });
  expect(diagnostics).toEqual([]);
  if (profile === null || types === null) throw new Error(`${server}.ts does not compile`);
  return { profile, types };
}

const profiles = { github: compiled("github"), jira: compiled("jira") };
const types: readonly ProfileTypeInfo[] = [profiles.github.types, profiles.jira.types];

function learnt(results: readonly (readonly [server: keyof typeof tools, tool: string, args: Data, value: Data])[]): Learnt {
  return results.reduce((known, [server, tool, args, value]) => withResult(known, { server, tool, case: caseOf(profiles[server].types.tools[tool] ?? [], args) }, value), NOTHING_LEARNT);
}

test.each(readdirSync(new URL("../../profiles/", import.meta.url)))("%s is of the language, and says what each of its rules does", (file) => {
  const { profile, diagnostics } = compiler.compileProfile({ server: "any", file, source: readFileSync(new URL(`../../profiles/${file}`, import.meta.url), "utf8") });
  expect(diagnostics).toEqual([]);
  const silent = Object.entries(profile?.rules ?? {}).filter(([tool, rules]) => tool !== "*" && rules.some(({ effect }) => effect === undefined));
  expect(silent.map(([tool]) => tool)).toEqual([]);
});

test("the shipped profiles of the demo give the types of a workflow over both servers", () => {
  const lock: Lock = { version: 1, servers: new Map([...someLock(tools.github, "github").servers, ...someLock(tools.jira, "jira").servers]) };
  const serverTypes = generateServerTypes({
    lock,
    learnt: learnt([
      ["github", "list_pull_requests", {}, [{ id: 1, node_id: "n", number: 1, title: "t" }]],
      ["jira", "jira_search", { action: "issues" }, { isLast: true, nextPageToken: null, issues: [{ key: "A-1", fields: { summary: "s" } }] }],
      ["jira", "jira_issues", { action: "get" }, { key: "A-1", fields: { summary: "s" } }],
      ["jira", "jira_issues", { action: "update" }, { text: "t", content: [] }],
    ]),
    profiles: types,
  });
  const source = `
    import { workflow, record, each } from "offstage";
    import { github, jira } from "#servers";
    const ticket = record("ticket", {
      identity: (pr: github.PullRequest) => pr.node_id,
      find: (pr) => jira.jira_search.pages({ action: "issues", jql: "labels = gh-" + String(pr.id) }),
      create: (pr) => jira.jira_issues({ action: "create", projectKey: "PROD", issueType: "Bug", summary: pr.title }),
      keep: (issue) => ({ key: issue.key }),
      read: async (kept): Promise<jira.Issue> => jira.jira_issues({ action: "get", issueKey: kept.key }),
      same: (actual, pr) => actual.fields.summary === pr.title,
      update: (kept, pr) => jira.jira_issues({ action: "update", issueKey: kept.key, summary: pr.title }),
    });
    export default workflow({ name: "tickets", description: "d", on: [], inputs: { owner: "a", repo: "b" }, limits: { writes: 5 } }, async ({ inputs }) => {
      const pulls = await github.list_pull_requests.pages({ ...inputs, state: "open" });
      await each(pulls, { key: (pr) => pr.node_id }, async (pr) => { await ticket.ensure(pr); });
    });
  `;
  expect(compiler.compileWorkflow({ file: "tickets.ts", source, serverTypes }).diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
});

test("their rules fit the classes that a lock pins", () => {
  const rules = profiles.jira.profile.rules["jira_issues"] ?? [];
  const labels = (profiles.jira.types.tools["jira_issues"] ?? []).map(caseKey);
  expect(classesOf({ name: "jira_issues" }, { rules, labels, trustHints: false }).map(({ when, effect, from }) => `${when ?? "else"}: ${effect} (${from})`)).toEqual([
    "action=get: read (profile)", "action=create: write (profile)", "action=update: write (profile)", "action=assign: write (profile)", "else: write (default)",
  ]);
});
