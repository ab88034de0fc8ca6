import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulators, startEmulators } from "../../demo/emulators.ts";
import { createDemoProject } from "../../demo/project.ts";
import { playGuide, runOffstage } from "./play-guide.ts";

const GUIDE = readFileSync(join(import.meta.dirname, "../../docs/guides/first-workflow.md"), "utf8");

let folder: string;
let project: string;
let emulators: Emulators;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "offstage-guide-"));
  project = join(folder, "wip-tasks");
  mkdirSync(project);
  emulators = await startEmulators({ dir: folder });
  // What the demo leaves in Jira, as far as the guide needs it: something to find.
  createDemoProject({ dir: join(folder, "demo"), emulators });
  await runOffstage(["call", "jira.jira_issues", "--yes", "--args", `{"action":"create","projectKey":"PROD","issueType":"Bug","summary":"fix: agent memory leak"}`], join(folder, "demo"));
});
afterAll(async () => {
  await emulators.close();
  rmSync(folder, { recursive: true });
});

/** The ticket that the guide calls PROD-22 has another number here: it is the one of that pull request. */
function ticketOf(applied: string): string {
  return /MDpQdWxsUmVxdWVzdDM0 create .*?(PROD-\d+)/.exec(applied)?.[1] ?? "PROD-22";
}

test("the guide's files and commands, in its order, do what it says", { timeout: 300_000 }, async () => {
  let ticket = "PROD-22";
  const given = await playGuide({
    page: "first-workflow.md", markdown: GUIDE, project,
    rename: (command) => command.replace("PROD-22", ticket),
    after([name], printed) {
      if (name === "init") cpSync(join(folder, "demo/mcp.json"), join(project, "mcp.json"));
      if (name === "apply") ticket = ticketOf(printed);
    },
  });
  expect(given).toBeGreaterThan(12);
});
