import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createRedactor } from "offstage/base";
import { createServerPool, type ServerConfig, type ServerPool } from "offstage/mcp";
import { realClock } from "../../packages/runtime/src/testing/real-clock.ts";

const GIANT = fileURLToPath(new URL("giant.ts", import.meta.url));
const MIB = 1024 * 1024;
/** By so much our memory may be larger after a case than before all of them, garbage included: a few messages of the longest kind that is allowed. */
const MOST_GROWTH_MIB = 900;
const CALL_MS = 20_000;
/** What never comes is waited for so long. Ms. */
const SILENCE_MS = 500;

/** How a case has to end: with a result, or with one of these codes. */
interface Case {
  readonly tool: string;
  readonly ends: readonly string[];
  readonly ms?: number;
  readonly only?: "stdio" | "http";
}

const CASES: readonly Case[] = [
  { tool: "result of 100 MiB", ends: ["SERVER_GARBAGE", "SERVER_PROTOCOL"] },
  { tool: "result without end", ends: ["SERVER_GARBAGE", "SERVER_PROTOCOL"] },
  { tool: "invalid UTF-8", ends: ["result"] },
  { tool: "1,000,000 notifications", ends: ["result"], ms: 60_000 },
  { tool: "20,000 changed lists", ends: ["result"] },
  { tool: "100 MiB of stderr", ends: ["result"], only: "stdio" },
  { tool: "deep nesting", ends: ["SERVER_PROTOCOL"] },
  { tool: "an unknown id", ends: ["result"] },
  { tool: "two answers", ends: ["result"] },
  { tool: "half a line", ends: ["SERVER_TIMEOUT"], ms: SILENCE_MS },
  { tool: "huge headers", ends: ["SERVER_EXITED"], only: "http" },
];
const LISTS: readonly (readonly [mode: string, ends: string])[] = [["10,000 tools", "10000 tools"], ["pages without end", "SERVER_PROTOCOL"], ["list of 100 MiB", "SERVER_GARBAGE SERVER_PROTOCOL"]];

/** Runs all cases over one kind of transport, beside a server that must not notice; tells each, and gives the faults. */
export async function runGiants(kind: "stdio" | "http", startPort: () => Promise<number>, say: (line: string) => void): Promise<{ readonly passed: number; readonly faults: readonly string[] }> {
  const faults: string[] = [];
  let passed = 0;
  const base = process.memoryUsage().rss;
  const check = (what: string, isRight: boolean, ended: string, ms: number): void => {
    const growth = (process.memoryUsage().rss - base) / MIB;
    const isSmall = growth < MOST_GROWTH_MIB;
    say(`${kind}, ${what}: ${ended} after ${Math.round(ms)} ms, memory ${growth < 0 ? "" : "+"}${Math.round(growth)} MiB`);
    if (isRight && isSmall) passed += 1;
    else faults.push(`${kind}, ${what}: ${ended}, memory +${Math.round(growth)} MiB`);
  };
  for (const { tool, ends, ms = CALL_MS } of CASES.filter(({ only }) => only === undefined || only === kind)) {
    await withServers(kind, "", startPort, async (pool) => {
      const begun = performance.now();
      const reply = await (await pool.session("giant")).call(tool, {}, { timeoutMs: ms });
      const took = performance.now() - begun;
      const beside = await (await pool.session("beside")).call("well", {}, { timeoutMs: CALL_MS });
      const ended = reply.kind === "result" ? "result" : reply.error.code;
      check(tool, ends.includes(ended) && beside.kind === "result", beside.kind === "result" ? `${ended}${reply.kind === "error" ? ` (${reply.error.message.slice(0, 100)})` : ""}` : "the server beside it does not answer", took);
    });
  }
  for (const [mode, ends] of LISTS) {
    await withServers(kind, mode, startPort, async (pool) => {
      const begun = performance.now();
      const ended = await pool.catalogue("giant").then(({ tools }) => `${tools.length} tools`, ({ code }: { code: string }) => code);
      check(mode, ends === ended || ends.split(" ").includes(ended), ended, performance.now() - begun);
    });
  }
  return { passed, faults };
}

async function withServers(kind: "stdio" | "http", mode: string, startPort: () => Promise<number>, use: (pool: ServerPool) => Promise<void>): Promise<void> {
  const port = kind === "http" ? await startPort() : null;
  const child = port === null ? null : await startHttp(port, mode);
  const giant: ServerConfig = port === null ? { name: "giant", kind: "stdio", command: process.execPath, args: [GIANT, "stdio", mode], env: {}, era: "legacy" } : { name: "giant", kind: "http", url: `http://127.0.0.1:${port}/mcp`, headers: {}, era: "legacy" };
  const beside: ServerConfig = { name: "beside", kind: "stdio", command: process.execPath, args: [GIANT], env: {}, era: "legacy" };
  let lines = 0;
  const pool = createServerPool({ servers: [giant, beside], clock: realClock, redactor: createRedactor(), inheritedEnv: process.env, onStderr: () => void lines++, clientVersion: "0.0.0", connectTimeoutMs: 30_000, patience: { afterInputClosedMs: 50, afterTermMs: 50 } });
  try {
    await use(pool);
  } finally {
    await pool.close();
    child?.kill("SIGKILL");
  }
}

async function startHttp(port: number, mode: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [GIANT, String(port), mode], { stdio: ["ignore", "pipe", "ignore"] });
  await once(child.stdout, "data");
  return child;
}
