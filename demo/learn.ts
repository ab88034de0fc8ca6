import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createCli } from "./cli.ts";
import { startEmulators } from "./emulators.ts";
import type { Emulators } from "./emulators.ts";
import { createDemoProject, newMark } from "./project.ts";

const LEARNT_FILE = "offstage.learnt.json";

const REPO = { owner: "acme", repo: "api" } as const;

/** The reads of the demo's workflow, over data that shows every shape an answer has there: null and not, some and none. */
function callsToLearn(full: string, bare: string): readonly (readonly [tool: string, args: object])[] {
  const search = (jql: string): object => ({ action: "issues", jql, fields: ["summary", "status"] });
  return [
    ["github.list_pull_requests", { ...REPO, state: "all", per_page: 100 }],
    // One that is open and one that was merged.
    ["github.get_pull_request", { ...REPO, pull_number: 1 }],
    ["github.get_pull_request", { ...REPO, pull_number: 4 }],
    ["jira.jira_issues", { action: "get", issueKey: full }],
    ["jira.jira_issues", { action: "get", issueKey: bare }],
    ["jira.jira_search", search("project = PROD")],
    ["jira.jira_search", { ...search("project = PROD"), maxResults: 1 }],
    ["jira.jira_workflow", { action: "get_transitions", issueKey: full }],
  ];
}

/**
 * Locks a copy of the demo's project, calls each of them once through the command line, as a person would, and gives the text of
 * what was learnt. Everything happens in `dir`, which is empty. Rejects when a command fails.
 */
export async function learnShapes(dir: string): Promise<string> {
  const mark = newMark();
  const cli = createCli({ mark, quiet: true });
  // No lag: what is created is found at once.
  const emulators = await startEmulators({ dir, lagMs: 0 });
  try {
    const project = createDemoProject({ dir: join(dir, "project"), emulators, mark });
    const file = join(project.dir, LEARNT_FILE);
    rmSync(file, { force: true });
    const offstage = async (...args: readonly string[]): Promise<void> => {
      const { code } = await cli.start([...args, "--project", project.dir]).ended;
      if (code !== 0) throw new Error(`offstage ${args.join(" ")} ended with exit code ${code}.`);
    };
    await offstage("lock");
    const full = await createIssue(emulators.jira, "With everything", true);
    const bare = await createIssue(emulators.jira, "With nothing", false);
    for (const [tool, args] of callsToLearn(full, bare)) await offstage("call", tool, "--args", JSON.stringify(args));
    return readFileSync(file, "utf8");
  } finally {
    await cli.stop();
    await emulators.close();
  }
}

/** Makes an issue of PROD as its users do; `full`: with everything that one may have. Gives its key. */
export async function createIssue(jira: Emulators["jira"], summary: string, full: boolean): Promise<string> {
  const description = { type: "doc", version: 1, content: [{ type: "paragraph", content: [{ type: "text", text: "Pull request" }] }] };
  const fields = { project: { key: "PROD" }, issuetype: { name: "Bug" }, summary, ...(full ? { description, labels: ["gh-pr-1"], assignee: { id: "712020:bo" } } : {}) };
  const response = await fetch(`${jira.url}/rest/api/3/issue`, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(`${jira.email}:${jira.token}`).toString("base64")}`, "content-type": "application/json" },
    body: JSON.stringify({ fields }),
  });
  if (!response.ok) throw new Error(`The Jira emulator answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { readonly key: string }).key;
}
