import { execFile } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Emulators, startEmulators } from "../../demo/emulators.ts";
import { createDemoProject } from "../../demo/project.ts";
import { type Fence, readFences } from "./fences.ts";
import { missingFrom, type QuotedCommand, readCommands } from "./quoted-output.ts";

const ROOT = join(import.meta.dirname, "../..");
const BIN = join(ROOT, "apps/offstage/bin/offstage.js");
const GUIDE = readFileSync(join(ROOT, "docs/guides/first-workflow.md"), "utf8");

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
  await offstage(["call", "jira.jira_issues", "--yes", "--args", `{"action":"create","projectKey":"PROD","issueType":"Bug","summary":"fix: agent memory leak"}`], join(folder, "demo"));
});
afterAll(async () => {
  await emulators.close();
  rmSync(folder, { recursive: true });
});

async function offstage(args: readonly string[], cwd = project): Promise<string> {
  const run = promisify(execFile)(process.execPath, [BIN, ...args], { cwd, maxBuffer: 16 << 20 });
  const { stdout, stderr } = await run.catch((error: unknown) => error as { readonly stdout: string; readonly stderr: string });
  return `${stdout}\n${stderr}`;
}

/** Splits as a shell does, as far as the guide goes: words, and texts in single quotes. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
}

/** The ticket that the guide calls PROD-22 has another number here: it is the one of that pull request. */
function ticketOf(applied: string): string {
  return /MDpQdWxsUmVxdWVzdDM0 create .*?(PROD-\d+)/.exec(applied)?.[1] ?? "PROD-22";
}

let ticket = "PROD-22";

async function give({ command, output }: QuotedCommand): Promise<string | null> {
  const [npx, bin, ...args] = wordsOf(command.replace("PROD-22", ticket));
  expect([npx, bin]).toEqual(["npx", "offstage"]);
  const real = await offstage(args);
  if (args[0] === "init") cpSync(join(folder, "demo/mcp.json"), join(project, "mcp.json"));
  if (args[0] === "apply") ticket = ticketOf(real);
  const missing = missingFrom(real, output);
  return missing === null ? null : `$ ${command}\nThe guide says:\n${missing}\nIt prints:\n${real}`;
}

/** Does with a block's text what its words say: the whole file, lines behind one of its lines, lines at its end. */
function edit({ words, text }: Fence): void {
  const option = (name: string): string | undefined => words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  const [whole, part, end] = [option("file"), option("replace"), option("append")];
  if (whole !== undefined) writeFileSync(join(project, whole), `${text}\n`);
  if (end !== undefined) appendFileSync(join(project, end), `${text}\n`);
  if (part === undefined) return;
  const path = join(project, part);
  const lines = readFileSync(path, "utf8").split("\n");
  const at = lines.findIndex((line) => line.trimStart().startsWith(option("after") ?? "?"));
  expect(at, `${part} has a line that begins with ${option("after") ?? "?"}`).toBeGreaterThan(-1);
  writeFileSync(path, lines.toSpliced(at + 1, 0, text).join("\n"));
}

test("the guide's files and commands, in its order, do what it says", { timeout: 300_000 }, async () => {
  let given = 0;
  for (const fence of readFences(GUIDE)) {
    edit(fence);
    if (fence.language !== "console") continue;
    for (const command of readCommands(fence.text)) {
      expect(await give(command), `first-workflow.md:${fence.line}`).toBeNull();
      given += 1;
    }
  }
  expect(given).toBeGreaterThan(12);
});
