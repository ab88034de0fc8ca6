import { createRequire } from "node:module";
import { afterAll, expect, test } from "vitest";
import { createWatchedPool } from "../testing/workshop.ts";
import type { ServerConfig } from "./server-config.ts";

const installed = createRequire(import.meta.url);

function server(name: string, entry: string, env: { readonly [name: string]: string }): ServerConfig {
  return { name, kind: "stdio", command: process.execPath, args: [installed.resolve(entry)], env };
}

/** The two third-party servers of the demo, as published; listing their tools needs no network. */
const { pool } = createWatchedPool([
  server("github", "@modelcontextprotocol/server-github/dist/index.js", { GITHUB_PERSONAL_ACCESS_TOKEN: "swordfish-1234" }),
  server("jira", "@nexus2520/jira-mcp-server/build/index.js", { JIRA_BASE_URL: "http://127.0.0.1:9", JIRA_EMAIL: "a@example.com", JIRA_API_TOKEN: "swordfish-1234" }),
]);

afterAll(() => pool.close());

test("the GitHub server lists its tools", async () => {
  const { tools, serverInfo } = await pool.catalogue("github");
  expect(serverInfo["name"]).toBe("github-mcp-server");
  expect(tools).toHaveLength(26);
  expect(tools.map((tool) => tool.name)).toEqual(expect.arrayContaining(["list_pull_requests", "create_issue", "merge_pull_request"]));
});

test("the Jira server lists its tools", async () => {
  const { tools } = await pool.catalogue("jira");
  expect(tools).toHaveLength(6);
  expect(tools.map((tool) => tool.name)).toEqual(expect.arrayContaining(["jira_issues", "jira_search", "jira_comments", "jira_workflow"]));
});

test("a call that the Jira server cannot carry out is an answer, not a crash", async () => {
  const reply = await (await pool.session("jira")).call("jira_issues", { action: "get", issueKey: "PROD-1" }, { timeoutMs: 25_000 });
  expect(reply).toMatchObject({ kind: "result", isError: true });
});
