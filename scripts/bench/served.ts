import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { openSqliteStore } from "offstage/stores/sqlite";
import { createTestProject, type TestProject } from "../../apps/offstage/src/testing/command-line.ts";
import { freePort } from "../../packages/runtime/src/testing/free-port.ts";
import { githubDelivery } from "../../packages/runtime/src/testing/github-delivery.ts";
import { realClock } from "../../packages/runtime/src/testing/real-clock.ts";
import { sampleRun, sampleWait } from "../../packages/runtime/src/testing/store-samples.ts";
import { type Figure, median, ms } from "./figures.ts";
import { installedBin } from "./installed.ts";
import { measureN8n, N8N_WAYS } from "./n8n.ts";
import { cpuMs, residentBytes } from "./process-costs.ts";
import type { ServedCosts } from "./served-costs.ts";

const SECRET = "a-webhook-secret";
const STORM = 1_500;
const SENDERS = 32;
const ALONE = 60;
const N8N_SENDERS = 10;
const PARKED = 10_000;
/** One line of work, as an automation tool's hello world has it: take a delivery, make a value of it. */
const ADD = `import { webhook, workflow } from "offstage";
export default workflow({ name: "add", on: [webhook("shop", { key: (event) => String(event.body.n) })] }, async ({ event }) => (event?.kind === "webhook" ? { n: event.body.n + 1, of: event.source } : null));
`;

/** A server that is told of deliveries: in the end each has its row, on the disk. */
interface Served {
  readonly child: ChildProcess;
  readonly url: string;
  /** Rows that are at their end. */
  done(): number;
}

/** Deliveries until their runs have ended, against a bare HTTP server that keeps each in SQLite, waits for the disk and does nothing else; what serving costs when nothing happens. */
export async function benchServed(): Promise<readonly Figure[]> {
  const project = createTestProject({ "mcp.json": '{ "mcpServers": {} }', "workflows/add.ts": ADD });
  try {
    await compileFirst(project);
    const bare = await measured(await startBare(project));
    const { readyMs, ...ours } = await startOurs(project);
    const { perSecond, cpu, p50, p99 } = await measured(ours);
    const idle = await idleBytes(project);
    await parkRuns(project);
    const parked = await idleBytes(project);
    return [
      { what: `durable runs from webhooks, ${SENDERS} senders`, ours: `${perSecond.toFixed(0)}/s`, baseline: `${bare.perSecond.toFixed(0)}/s bare inserts`, value: bare.perSecond / perSecond, bound: 10, unit: "× slower" },
      { what: "… CPU of one, HTTP and log included", ours: ms(cpu), baseline: `${ms(bare.cpu)} bare insert`, value: cpu / bare.cpu, bound: 10, unit: "×" },
      { what: "one delivery alone, until its run has ended", ours: `${ms(p50)}, p99 ${ms(p99)}`, baseline: `${ms(bare.p50)} until it is kept`, value: p50 / bare.p50, bound: 15, unit: "×" },
      { what: "serve, until it takes deliveries", ours: ms(readyMs), baseline: "1000 ms", value: readyMs / 1_000, bound: 1, unit: "s" },
      { what: "serve that has nothing to do", ours: `${mb(idle)} MB`, baseline: "120 MB", value: mb(idle), bound: 120, unit: "MB" },
      { what: `… with ${PARKED} parked runs`, ours: `${mb(parked)} MB`, baseline: `${mb(idle)} MB without`, value: parked / idle, bound: 1.1, unit: "×" },
    ];
  } finally {
    project.remove();
  }
}

/** The same storm on n8n, as it comes and at its fastest, in the same run. */
export async function benchBesideN8n(): Promise<readonly Figure[]> {
  const project = createTestProject({ "mcp.json": '{ "mcpServers": {} }', "workflows/add.ts": ADD });
  try {
    await compileFirst(project);
    const { readyMs, ...served } = await startOurs(project);
    const ours: ServedCosts = { readyMs, ...(await measured(served, N8N_SENDERS)), idle: await idleBytes(project) };
    const figures: Figure[] = [];
    for (const [way, settings] of Object.entries(N8N_WAYS)) figures.push(...besideFigures(ours, way, await measureN8n(settings, N8N_SENDERS)));
    return figures;
  } finally {
    project.remove();
  }
}

/** Aims: ten times its throughput; the rest is to be less. */
function besideFigures(ours: ServedCosts, way: string, theirs: ServedCosts): readonly Figure[] {
  const beside = (what: string, text: (costs: ServedCosts) => string, value: number, bound: number): Figure => ({ what: `${way}: ${what}`, ours: text(ours), baseline: text(theirs), value, bound, unit: "× of it" });
  return [
    beside(`a run, ${N8N_SENDERS} senders`, ({ perSecond }) => `${perSecond.toFixed(0)}/s`, theirs.perSecond / ours.perSecond, 0.1),
    beside("CPU of a run", ({ cpu }) => ms(cpu), ours.cpu / theirs.cpu, 0.1),
    beside("one alone, delivery to done", ({ p50, p99 }) => `${ms(p50)}, p99 ${ms(p99)}`, ours.p50 / theirs.p50, 1),
    beside("start", ({ readyMs }) => ms(readyMs), ours.readyMs / theirs.readyMs, 1),
    beside("memory, idle", ({ idle }) => `${mb(idle)} MB`, ours.idle / theirs.idle, 1),
  ];
}

const mb = (bytes: number): number => Math.round(bytes / 1e6);

/** A storm, then one delivery at a time. The process is ended. */
async function measured({ child, url, done }: Served, senders = SENDERS): Promise<Omit<ServedCosts, "readyMs" | "idle">> {
  const [begun, spent] = [performance.now(), cpuMs(child.pid)];
  let next = 0;
  await Promise.all(Array.from({ length: senders }, async () => {
    while (next < STORM) await deliver(url, next++);
  }));
  await until(() => done() === STORM);
  const perSecond = STORM / ((performance.now() - begun) / 1_000);
  const cpu = (cpuMs(child.pid) - spent) / STORM;
  const times: number[] = [];
  for (let n = STORM; n < STORM + ALONE; n++) {
    const sent = performance.now();
    await deliver(url, n);
    await until(() => done() > n);
    times.push(performance.now() - sent);
  }
  await end(child);
  return { perSecond, cpu, p50: median(times), p99: Math.max(...times) };
}

async function deliver(url: string, n: number): Promise<void> {
  const answer = await fetch(url, githubDelivery(SECRET, `d${n}`, JSON.stringify({ n })));
  await answer.text();
  if (answer.status !== 202) throw new Error(`the delivery ${n} of the benchmark was answered by ${answer.status}`);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => { setTimeout(resolve, 1); });
}

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

async function startOurs(project: TestProject): Promise<Served & { readonly readyMs: number }> {
  const port = await freePort();
  project.write("offstage.yaml", `webhooks:\n  shop: { verify: github, secret: "\${env:HOOK_SECRET}" }\nserve: { listen: "127.0.0.1:${port}" }\n`);
  const begun = performance.now();
  const child = spawn(process.execPath, [installedBin(), "serve"], { cwd: project.folder, env: { PATH: process.env["PATH"], HOOK_SECRET: SECRET }, stdio: ["ignore", "ignore", "pipe"] });
  child.stderr.resume();
  await answers(`http://127.0.0.1:${port}/healthz`);
  const readyMs = performance.now() - begun;
  return { child, readyMs, url: `http://127.0.0.1:${port}/webhooks/shop`, done: counter(join(project.folder, ".offstage", "store.db"), "SELECT count(*) FROM runs WHERE status = 'succeeded'") };
}

/** A first start compiles, for Node too, and what a clone compiled counts for nothing in an installed package: what is measured is the next start. */
async function compileFirst(project: TestProject): Promise<void> {
  await end((await startOurs(project)).child);
}

async function startBare(project: TestProject): Promise<Served> {
  const port = await freePort();
  const file = join(project.folder, "bare.db");
  const child = spawn(process.execPath, [fileURLToPath(new URL("./bare-receiver.ts", import.meta.url)), file, String(port)], { stdio: "inherit" });
  await answers(`http://127.0.0.1:${port}/`);
  return { child, url: `http://127.0.0.1:${port}/`, done: counter(file, "SELECT count(*) FROM deliveries") };
}

async function answers(url: string): Promise<void> {
  while (!(await fetch(url).then(async (answer) => (await answer.text(), true), () => false))) await new Promise((resolve) => { setTimeout(resolve, 5); });
}

/** Counts in a file that another process writes. */
function counter(file: string, sql: string): () => number {
  let database: Database.Database | null = null;
  return () => {
    database ??= statSync(file, { throwIfNoEntry: false }) === undefined ? null : new Database(file, { readonly: true });
    return database === null ? 0 : Number(database.prepare(sql).pluck().get());
  };
}

/** What a process that serves holds after two seconds of nothing, in bytes. */
async function idleBytes(project: TestProject): Promise<number> {
  const { child } = await startOurs(project);
  await new Promise((resolve) => { setTimeout(resolve, 2_000); });
  const resident = residentBytes(child.pid);
  await end(child);
  return resident;
}

async function parkRuns(project: TestProject): Promise<void> {
  const store = await openSqliteStore({ file: join(project.folder, ".offstage", "store.db"), clock: realClock });
  await store.transact({ durable: true }, async (tx) => {
    for (let n = 0; n < PARKED; n++) {
      await tx.putRun(sampleRun({ id: `parked-${n}`, workflow: "add", scope: "add", status: "parked", turn: `p${n}` }));
      await tx.putWait(sampleWait(`wait-${n}`, { runId: `parked-${n}`, until: Date.now() + 86_400_000 }));
    }
  });
  await store.close();
}
