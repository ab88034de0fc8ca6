/**
 * Servers that die and misbehave, over the whole write path. A server under many concurrent reads and writes is killed with SIGKILL a hundred times on
 * stdio, and thirty times over HTTP in each era, behind a proxy that drops, answers 502, forgets sessions and is late; at the end the server's own file is counted
 * against the ledger. Then floods and giants, with our memory measured.
 *
 * `npm run test:resilience [-- --seed N --kills N --only giants]`
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { freePort } from "../../packages/runtime/src/testing/free-port.ts";
import { createRandom } from "../kill/random.ts";
import { openFlakyProxy } from "./flaky-proxy.ts";
import { runGiants } from "./giants.ts";
import { type LoadResult, runUnderKills } from "./load.ts";
import { judgeLoad } from "./verdict.ts";

const { values } = parseArgs({ options: { seed: { type: "string", default: String(randomInt(1_000_000)) }, kills: { type: "string", default: "100" }, only: { type: "string" } } });
const KEEPER = fileURLToPath(new URL("keeper.ts", import.meta.url));
const CALL_MS = 1_500;
const startedAt = performance.now();
const say = (line: string): void => void process.stdout.write(`${String(Math.round((performance.now() - startedAt) / 1000)).padStart(4)} s  ${line}\n`);
const random = createRandom(values.seed);
let passed = 0;
const faults: string[] = [];

function report(what: string, result: LoadResult): void {
  const verdict = judgeLoad(result);
  say(`${what}: ${result.kills} kills, ${result.runs} runs in ${Math.round(result.ms / 1000)} s. ${verdict.text}.`);
  if (verdict.faults.length === 0) passed += 1;
  else faults.push(...verdict.faults.map((fault) => `${what}: ${fault}`));
}

async function overStdio(dir: string): Promise<void> {
  const file = join(dir, "stdio.txt");
  const config = { name: "shop", kind: "stdio", command: process.execPath, args: [KEEPER, file], env: {}, era: "legacy" } as const;
  report("stdio", await runUnderKills({ dir, config, file, kills: Number(values.kills), random: random.fork("stdio"), timeoutMs: CALL_MS, say }));
}

async function overHttp(dir: string, era: "legacy" | "modern"): Promise<void> {
  const what = `HTTP, ${era}`;
  const file = join(dir, `http-${era}.txt`);
  const port = await freePort();
  const server = keepRunning([KEEPER, file, String(port)]);
  const proxy = await openFlakyProxy(port, random.fork(`proxy, ${era}`), CALL_MS * 2);
  try {
    const config = { name: "shop", kind: "http", url: proxy.url, headers: {}, era } as const;
    report(what, await runUnderKills({ dir, config, file, kills: Math.ceil(Number(values.kills) * 0.3), random: random.fork(what), timeoutMs: CALL_MS, say }));
    say(`on the way: ${[...proxy.faults].filter(([fault]) => fault !== "none").map(([fault, times]) => `${times} ${fault}`).join(", ")}`);
  } finally {
    server.stop();
    await proxy.close();
  }
}

/** Starts a script of Node again whenever it ended: it was killed, or the port was not free yet. */
function keepRunning(args: readonly string[]): { stop(): void } {
  let stopped = false;
  let child: ChildProcess;
  const start = (): void => {
    child = spawn(process.execPath, args, { stdio: "ignore" }).once("exit", () => stopped || start());
  };
  start();
  return {
    stop: () => {
      stopped = true;
      child.kill("SIGKILL");
    },
  };
}

const dir = mkdtempSync(join(tmpdir(), "offstage-resilience-"));
say(`seed ${values.seed}`);
try {
  if (values.only !== "giants") {
    await overStdio(dir);
    await overHttp(dir, "legacy");
    await overHttp(dir, "modern");
  }
  for (const kind of ["stdio", "http"] as const) {
    const giants = await runGiants(kind, freePort, say);
    passed += giants.passed;
    faults.push(...giants.faults);
  }
} finally {
  if (faults.length === 0) rmSync(dir, { recursive: true, force: true });
}
for (const fault of faults) say(`FAULT  ${fault}`);
if (faults.length > 0) say(`The stores and the servers' files are in ${dir}. Repeat with --seed ${values.seed}.`);
process.stdout.write(`\n${passed} passed, ${faults.length} failed\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
