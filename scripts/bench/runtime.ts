import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import type Database from "better-sqlite3";
import { createRedactor } from "offstage/base";
import type { Program } from "offstage/program";
import { createServerPool, type StdioServerConfig } from "offstage/mcp";
import { realClock } from "../../packages/runtime/src/testing/real-clock.ts";
import { workshopServer } from "../../packages/runtime/src/testing/workshop.ts";
import { type BenchHost, compileForBench, openBenchHost } from "./bench-host.ts";
import { type Figure, median, ms, timeMs } from "./figures.ts";

const CALLS = 1_000;
const ROUNDS = 7;
const MAX_READ_RATIO = 1.5;
const MAX_WRITE_RATIO = 2.5;

const READS = `
import { range, workflow } from "offstage";
import { shop } from "#servers";
export default workflow({ name: "reads", description: "", on: [], limits: { calls: 100000 } }, async () => {
  let sum = 0;
  for (const i of range(${CALLS})) sum += await shop.add({ a: i, b: 1 });
  return sum;
});`;

const WRITES = `
import { each, once, range, workflow } from "offstage";
import { shop } from "#servers";
export default workflow({ name: "writes", description: "", on: [], limits: { writes: 100000 } }, async ({ run }) => {
  await each(range(${CALLS}), { key: (i) => String(i) }, async (i) => {
    await once(\`\${run.id}:\${i}\`, () => shop.echo({ text: "x" }));
  });
});`;

/**
 * One tool call through the whole runtime against the bare SDK on the same server; a write against what a careful script
 * does: one bare call, then one bare commit that waits for the disk.
 */
export async function benchRuntime(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "offstage-bench-"));
  const pool = createServerPool({ servers: [workshopServer("shop")], clock: realClock, redactor: createRedactor(), inheritedEnv: process.env, onStderr: () => undefined, clientVersion: "0.0.0", connectTimeoutMs: 30_000 });
  const bare = new Client({ name: "bare", version: "0" });
  const { command, args } = workshopServer() as StdioServerConfig;
  const commits = openCommits(join(folder, "bare.db"));
  const { profile, programs } = await compileForBench([READS, WRITES]);
  const session = await pool.session("shop");
  const host = await openBenchHost(join(folder, "store.db"), () => Promise.resolve(session), profile);
  try {
    await bare.connect(new StdioClientTransport({ command, args: [...args] }));
    return await measure(host, programs, bare, commits);
  } finally {
    commits.close();
    await Promise.all([bare.close(), host.close(), pool.close()]);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(host: BenchHost, [reads, writes]: readonly Program[], bare: Client, commits: Commits): Promise<readonly Figure[]> {
  if (reads === undefined || writes === undefined) throw new Error("two programs are needed");
  const times = { read: [] as number[], write: [] as number[], call: [] as number[], script: [] as number[] };
  for (let round = -2; round < ROUNDS; round++) {
    const call = await timeMs(async () => {
      for (let i = 0; i < CALLS; i++) await bare.callTool({ name: "add", arguments: { a: i, b: 1 } });
    });
    const read = await timeMs(() => host.run(reads));
    const script = await timeMs(async () => {
      for (let i = 0; i < CALLS; i++) {
        await bare.callTool({ name: "echo", arguments: { text: "x" } });
        commits.commit();
      }
    });
    const write = await timeMs(() => host.run(writes));
    // The first rounds warm the compilers of both sides and are not counted.
    if (round < 0) continue;
    for (const [name, value] of Object.entries({ read, write, call, script })) times[name as keyof typeof times].push(value / CALLS);
  }
  const ratio = (ours: readonly number[], base: readonly number[]): number => median(ours.map((value, round) => value / (base[round] ?? Number.NaN)));
  return [
    { what: "one read, journal included", ours: ms(median(times.read)), baseline: `${ms(median(times.call))} bare SDK`, value: ratio(times.read, times.call), bound: MAX_READ_RATIO, unit: "×" },
    { what: "one write, ledger included", ours: ms(median(times.write)), baseline: `${ms(median(times.script))} bare SDK, then a commit`, value: ratio(times.write, times.script), bound: MAX_WRITE_RATIO, unit: "×" },
  ];
}

interface Commits {
  /** One durable transaction of one small row. */
  commit(): void;
  close(): void;
}

function openCommits(file: string): Commits {
  const require = createRequire(new URL("../../packages/runtime/src/stores/sqlite/index.ts", import.meta.url));
  const Sqlite = require("better-sqlite3") as typeof Database;
  const database = new Sqlite(file);
  database.pragma("journal_mode = WAL");
  database.pragma("synchronous = FULL");
  database.exec("create table row (id integer primary key, text text not null)");
  const insert = database.prepare("insert into row (text) values (?)");
  return {
    commit: () => void insert.run("x".repeat(200)),
    close: () => database.close(),
  };
}
