import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Emulators, startEmulators } from "./emulators.ts";
import { type DemoProject, createDemoProject, newMark } from "./project.ts";
import { takeTally, tallyFaults } from "./tally.ts";

// The demo's workflow as Python, over the two real MCP servers: it plans what TypeScript plans, and does what the demo does.

const BIN = fileURLToPath(new URL("../apps/offstage/bin/offstage.js", import.meta.url));
const LIBRARY = fileURLToPath(new URL("../packages/python/src", import.meta.url));
const PYTHON = process.env["OFFSTAGE_PYTHON"] ?? "python3";
const ENV = { ...process.env, NO_COLOR: "1", PYTHONPATH: LIBRARY };
const MODULE = ["-m", "leak_tickets"] as const;

let dir: string;
let emulators: Emulators;
let project: DemoProject;
let folder: string;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "offstage-demo-python-"));
  emulators = await startEmulators({ dir, lagMs: 200 });
  project = createDemoProject({ dir: join(dir, "project"), emulators, mark: newMark() });
  folder = join(dir, "exported");
  await typescript("lock");
  await typescript("export", "leak-tickets", "--to", "python", "--out", folder);
}, 120_000);
afterAll(async () => {
  await emulators.close();
  rmSync(dir, { recursive: true, force: true });
});

/** The services answer in this process: nobody may wait for a command without letting them. */
function run(command: string, args: readonly string[], cwd: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env: ENV, maxBuffer: 16 << 20 }, (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }));
  });
}

async function typescript(...args: readonly string[]): Promise<string> {
  const { code, out, err } = await run(process.execPath, [BIN, ...args, "--project", project.dir], dir);
  if (code !== 0) throw new Error(`${args.join(" ")}: ${err}${out}`);
  return out;
}

const python = (...args: readonly string[]) => run(PYTHON, [...MODULE, ...args], folder);
const shown = (plan: string) => plan.split("\nTo perform exactly this")[0];

test("it plans what TypeScript plans; killed in the middle and run again, each pull request has one ticket and one comment", async () => {
  expect(shown((await python("plan")).out)).toBe(shown(await typescript("plan", "leak-tickets")));
  expect(emulators.jira.issues()).toEqual([]);
  const killed = spawn(PYTHON, [...MODULE, "run"], { cwd: folder, env: ENV, stdio: "ignore", detached: true });
  await vi.waitFor(() => expect(emulators.jira.issues().length).toBeGreaterThan(0), { timeout: 60_000, interval: 5 });
  process.kill(-(killed.pid ?? 0), "SIGKILL");
  await once(killed, "exit");
  await python("resume");
  await vi.waitFor(async () => {
    const { code } = await python("run");
    expect(code).toBe(0);
  }, { timeout: 90_000, interval: 1000 });
  expect(tallyFaults(await takeTally(emulators), { complete: true })).toEqual([]);
  const again = await python("run");
  expect(again.out).toMatch(/succeeded in [^:]*: 0 writes/);
}, 240_000);

test("a changed title is an update of the ticket, and what is closed is released by a sweep", async () => {
  const [pull] = (await takeTally(emulators)).leaks;
  await emulators.github.retitlePull(pull?.pull.number ?? 0, "Memory leak: found, and told again");
  const planned = await python("plan", "--json");
  expect(JSON.parse(planned.out)).toMatchObject({ result: { plan: { effects: [{ sign: "~", tool: "jira_issues" }] } } });
  expect((await python("apply", "--yes")).out).toContain("1 write");
  await emulators.github.closePull(pull?.pull.number ?? 0);
  await python("sweep");
  await python("sweep");
  const key = pull?.tickets[0]?.key;
  expect(emulators.jira.issues().find((issue) => issue.key === key)).toMatchObject({ summary: "Memory leak: found, and told again", status: "Done" });
}, 120_000);
