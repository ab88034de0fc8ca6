import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../packages/runtime/src/testing/free-port.ts";
import { cpuMs, familyOf, residentBytes } from "./process-costs.ts";
import type { ServedCosts } from "./served-costs.ts";

/** The newest of which every dependency can be had. */
const VERSION = "2.40.7";
const PLACE = fileURLToPath(new URL("../../node_modules/.cache/offstage-bench/n8n", import.meta.url));
const BIN = join(PLACE, "node_modules/n8n/bin/n8n");
const START_MS = 240_000;
/** Until what its start still does is done, too. */
const SETTLE_MS = 15_000;
const [WARM, STORM, ALONE] = [50, 300, 40];

/** One delivery, one value of it, an answer: what our own workflow does. */
const WORKFLOW = {
  id: "benchhook0000001", name: "bench", active: true, settings: { executionOrder: "v1" },
  nodes: [
    { id: "11111111-1111-4111-8111-111111111111", name: "Webhook", type: "n8n-nodes-base.webhook", typeVersion: 2, position: [0, 0], webhookId: "22222222-2222-4222-8222-222222222222", parameters: { httpMethod: "POST", path: "bench", responseMode: "responseNode", options: {} } },
    { id: "33333333-3333-4333-8333-333333333333", name: "Set", type: "n8n-nodes-base.set", typeVersion: 3.4, position: [200, 0], parameters: { mode: "manual", assignments: { assignments: [{ id: "n", name: "n", value: "={{ $json.body.n + 1 }}", type: "number" }] }, options: {} } },
    { id: "44444444-4444-4444-8444-444444444444", name: "Respond", type: "n8n-nodes-base.respondToWebhook", typeVersion: 1.1, position: [400, 0], parameters: { respondWith: "firstIncomingItem", options: {} } },
  ],
  connections: { Webhook: { main: [[{ node: "Set", type: "main", index: 0 }]] }, Set: { main: [[{ node: "Respond", type: "main", index: 0 }]] } },
};

/** n8n as it comes, and with what makes it fastest: no execution is kept. */
export const N8N_WAYS = {
  "n8n, executions kept": {},
  "n8n, successful executions not kept": { EXECUTIONS_DATA_SAVE_ON_SUCCESS: "none", EXECUTIONS_DATA_SAVE_ON_PROGRESS: "false" },
} as const;

/** Deliveries to n8n, in SQLite, which does not wait for the disk at each of them. `senders` send at once. Installs n8n the first time, which takes minutes. */
export async function measureN8n(settings: Readonly<Record<string, string>>, senders: number): Promise<ServedCosts> {
  installN8n();
  const home = mkdtempSync(join(tmpdir(), "offstage-n8n-"));
  const port = await freePort();
  const env = {
    PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"] ?? ""}`, HOME: home, N8N_USER_FOLDER: home, DB_TYPE: "sqlite", N8N_PORT: String(port), N8N_LISTEN_ADDRESS: "127.0.0.1", N8N_RUNNERS_BROKER_PORT: String(await freePort()),
    N8N_DIAGNOSTICS_ENABLED: "false", N8N_VERSION_NOTIFICATIONS_ENABLED: "false", N8N_TEMPLATES_ENABLED: "false", N8N_PERSONALIZATION_ENABLED: "false", N8N_LOG_LEVEL: "error", ...settings,
  };
  writeFileSync(join(home, "workflow.json"), JSON.stringify([WORKFLOW]));
  for (const args of [["import:workflow", `--input=${join(home, "workflow.json")}`], ["publish:workflow", `--id=${WORKFLOW.id}`]]) ran(process.execPath, [BIN, ...args], env);
  const begun = performance.now();
  const child = spawn(process.execPath, [BIN, "start"], { env, detached: true, stdio: "ignore" });
  try {
    const url = `http://127.0.0.1:${port}/webhook/bench`;
    while (!(await send(url, 1).catch(() => false))) {
      if (performance.now() - begun > START_MS || child.exitCode !== null) throw new Error("n8n did not begin to answer");
      await pause(50);
    }
    const readyMs = performance.now() - begun;
    await pause(SETTLE_MS);
    return { readyMs, idle: familyOf(child.pid ?? 0).reduce((sum, pid) => sum + residentBytes(pid), 0), ...(await storm(url, senders, child)) };
  } finally {
    await endGroup(child);
    rmSync(home, { recursive: true, force: true });
  }
}

async function storm(url: string, senders: number, child: ChildProcess): Promise<Omit<ServedCosts, "readyMs" | "idle">> {
  const all = async (count: number): Promise<void> => {
    let next = 0;
    await Promise.all(Array.from({ length: senders }, async () => {
      while (next < count) if (!(await send(url, next++))) throw new Error("n8n refused a delivery");
    }));
  };
  const spentBy = (): number => familyOf(child.pid ?? 0).reduce((sum, pid) => sum + cpuMs(pid), 0);
  await all(WARM);
  const [begun, spent] = [performance.now(), spentBy()];
  await all(STORM);
  const [perSecond, cpu] = [STORM / ((performance.now() - begun) / 1_000), (spentBy() - spent) / STORM];
  const times: number[] = [];
  for (let n = 0; n < ALONE; n++) {
    const sent = performance.now();
    await send(url, n);
    times.push(performance.now() - sent);
  }
  times.sort((a, b) => a - b);
  return { perSecond, cpu, p50: times[ALONE >> 1] ?? Number.NaN, p99: times.at(-1) ?? Number.NaN };
}

/** True when the workflow has answered; false while n8n says that it still starts. */
async function send(url: string, n: number): Promise<boolean> {
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ n }) });
  return (await answer.text()).includes(`"n":${n + 1}`) && answer.ok;
}

/** Without the builds of what it does not need here: of its native parts only the driver of SQLite. */
function installN8n(): void {
  if (existsSync(join(PLACE, "node_modules/sqlite3/build/Release/node_sqlite3.node"))) return;
  mkdirSync(PLACE, { recursive: true });
  writeFileSync(join(PLACE, "package.json"), '{ "private": true }\n');
  process.stderr.write(`installing n8n ${VERSION}, which takes minutes …\n`);
  const npm = (...args: readonly string[]): void => ran("npm", args, { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"] ?? ""}` });
  npm("install", "--prefix", PLACE, `n8n@${VERSION}`, "--ignore-scripts", "--no-audit", "--no-fund");
  npm("rebuild", "--prefix", PLACE, "sqlite3");
}

function ran(command: string, args: readonly string[], env: NodeJS.ProcessEnv): void {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: PLACE, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${status}: ${stdout}${stderr}`);
}

/** Its runners end with it. */
async function endGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return;
  const ended = once(child, "exit");
  process.kill(-child.pid, "SIGKILL");
  await ended;
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => { setTimeout(resolve, delayMs); });
}
