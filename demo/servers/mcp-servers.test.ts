import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import type { CallToolResult } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startEmulators } from "../emulators.ts";
import type { Emulators } from "../emulators.ts";
import { createDemoProject } from "../project.ts";
import { SEED_PULLS } from "../seed/pulls.ts";

// The real third-party servers, started as the demo project's mcp.json says.
let dir: string;
let emulators: Emulators;
let clients: Record<"github" | "jira", Client>;

beforeAll(async () => {
  // A space in the path: NODE_OPTIONS would split it.
  dir = mkdtempSync(join(tmpdir(), "offstage demo-"));
  emulators = await startEmulators({ dir, lagMs: 3_600_000 });
  const project = createDemoProject({ dir: join(dir, "project"), emulators });
  const { mcpServers } = JSON.parse(readFileSync(join(project.dir, "mcp.json"), "utf8")) as { mcpServers: Record<string, { command: string; args: string[]; env: Record<string, string> }> };
  const connect = async (name: string): Promise<Client> => {
    const entry = mcpServers[name];
    if (entry === undefined) throw new Error(`mcp.json has no server ${name}.`);
    const env = Object.fromEntries(Object.entries(entry.env).map(([key, value]) => [key, value.replace(/^\$\{file:(.*)\}$/, (_, file: string) => readFileSync(file, "utf8").trim())]));
    const client = new Client({ name: "test", version: "1" });
    await client.connect(new StdioClientTransport({ ...entry, env, stderr: "ignore" }));
    return client;
  };
  const [github, jira] = await Promise.all([connect("github"), connect("jira")]);
  clients = { github, jira };
});
afterAll(async () => {
  await Promise.all(Object.values(clients).map((client) => client.close()));
  await emulators.close();
  rmSync(dir, { recursive: true });
});

async function call(server: "github" | "jira", name: string, args: Record<string, unknown>): Promise<CallToolResult & { readonly text: string }> {
  const result = (await clients[server].callTool({ name, arguments: args })) as CallToolResult;
  return { ...result, text: result.content.map((block) => (block.type === "text" ? block.text : "")).join("") };
}

const createIssue = (summary: string, label: string): Promise<{ readonly text: string; readonly isError?: boolean | undefined }> =>
  call("jira", "jira_issues", { action: "create", projectKey: "PROD", issueType: "Bug", summary, labels: [label], description: "Pull request: here" });

describe("the GitHub MCP server against the emulator", () => {
  it("pages through the pull requests", async () => {
    const titles: string[] = [];
    for (let page = 1; ; page += 1) {
      const { text } = await call("github", "list_pull_requests", { owner: "acme", repo: "api", state: "open", per_page: 10, page });
      const pulls = JSON.parse(text) as { title: string }[];
      if (pulls.length === 0) break;
      titles.push(...pulls.map((pull) => pull.title));
    }
    expect(titles.toSorted()).toEqual(SEED_PULLS.filter((pull) => pull.state === "open").map((pull) => pull.title).toSorted());
  });

  it("reads one, comments on it, and says when there is none", async () => {
    const { text } = await call("github", "get_pull_request", { owner: "acme", repo: "api", pull_number: 1 });
    expect(JSON.parse(text)).toMatchObject({ number: 1, state: "open", title: SEED_PULLS[0]?.title });
    await call("github", "add_issue_comment", { owner: "acme", repo: "api", issue_number: 1, body: "Tracked as PROD-1" });
    expect(await emulators.github.comments(1)).toMatchObject([{ body: "Tracked as PROD-1" }]);
    await expect(call("github", "get_pull_request", { owner: "acme", repo: "api", pull_number: 999 })).rejects.toThrow("Not Found");
  });
});

describe("the Jira MCP server against the emulator", () => {
  it("creates, reads, updates, moves and comments an issue", async () => {
    expect((await createIssue("First", "a")).text).toBe(`✅ Issue created successfully!\n\n**Key**: PROD-1\n**ID**: 10001\n**URL**: ${emulators.jira.url}/browse/PROD-1`);
    expect((await call("jira", "jira_issues", { action: "update", issueKey: "PROD-1", summary: "Renamed" })).text).toBe("✅ Issue PROD-1 updated successfully!");
    const { text } = await call("jira", "jira_workflow", { action: "get_transitions", issueKey: "PROD-1" });
    expect(text).toContain("- **Done** (ID: 31) → Done\n");
    expect((await call("jira", "jira_workflow", { action: "transition", issueKey: "PROD-1", transitionId: "31" })).text).toContain("transitioned successfully");
    expect((await call("jira", "jira_comments", { action: "add", issueKey: "PROD-1", comment: "Hello" })).text).toContain("**Comment ID**: 1");
    expect((await call("jira", "jira_comments", { action: "get", issueKey: "PROD-1" })).text).toContain("Hello");
    const got = await call("jira", "jira_issues", { action: "get", issueKey: "PROD-1" });
    expect(got.structuredContent).toMatchObject({ key: "PROD-1", fields: { summary: "Renamed", status: { name: "Done" }, labels: ["a"] } });
  });

  it("finds an issue only after the lag", async () => {
    const search = { action: "issues", jql: 'project = PROD AND labels = "b"', fields: ["summary", "status"] };
    await createIssue("Hidden", "b");
    expect((await call("jira", "jira_search", search)).structuredContent).toMatchObject({ count: 0, isLast: true });
    emulators.jira.setLagMs(0);
    const key = (await createIssue("Seen", "b")).text.match(/PROD-\d+/)?.[0];
    expect((await call("jira", "jira_search", search)).structuredContent).toMatchObject({ count: 1, isLast: true, issues: [{ key, fields: { summary: "Seen", status: { name: "To Do" } } }] });
  });

  it("words its refusals as the profile expects them", async () => {
    const refused = await createIssue("x".repeat(256), "c");
    expect(refused).toMatchObject({ isError: true });
    expect(refused.text).toMatch(/^Error: Issue creation failed — validation errors:\n {2}- summary: Summary can't exceed/);
    expect((await call("jira", "jira_issues", { action: "get", issueKey: "PROD-999" })).text).toBe("Error: Issue does not exist or you do not have permission to see it.");
    expect((await call("jira", "jira_search", { action: "issues", jql: "labels = *" })).text).toMatch(/^Error: Error in the JQL Query/);
  });

  it("reports what went wrong after the write as it really does", async () => {
    const { faults } = emulators.jira;
    const before = emulators.jira.issues().length;
    faults.add({ method: "POST", path: "/issue" }, { kind: "drop", when: "after" });
    expect(await createIssue("Dropped", "d")).toMatchObject({ isError: true, text: "Error: socket hang up" });
    faults.add({ method: "POST", path: "/issue" }, { kind: "status", status: 502, when: "after" });
    expect(await createIssue("Bad gateway", "d")).toMatchObject({ isError: true });
    faults.add({ method: "POST", path: "/issue" }, { kind: "broken-body" });
    expect((await createIssue("Broken", "d")).text).toContain("**Key**: undefined");
    expect(emulators.jira.issues()).toHaveLength(before + 3);
  });
});
