import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { createRedactor } from "../../packages/runtime/src/base/index.ts";
import { createCalls } from "../../packages/runtime/src/calls/index.ts";
import { createStoreLanes } from "../../packages/runtime/src/host/index.ts";
import { createServerPool, type StdioServerConfig } from "../../packages/runtime/src/mcp/index.ts";
import { openSqliteStore } from "../../packages/runtime/src/stores/sqlite/index.ts";
import { createMemoryBlobs } from "../../packages/runtime/src/testing/memory-blobs.ts";
import { realClock } from "../../packages/runtime/src/testing/real-clock.ts";
import { workshopServer } from "../../packages/runtime/src/testing/workshop.ts";

/** Milliseconds a call, medians over the rounds, and each against the bare SDK in the same round. */
export interface CallBench {
  readonly bareMs: number;
  readonly sessionMs: number;
  readonly callsMs: number;
  readonly sharedMs: number;
  readonly sessionRatio: number;
  readonly callsRatio: number;
  /** Against the same call under a limit of this process. */
  readonly sharedRatio: number;
}

/**
 * Times one trivial tool call over stdio: the bare SDK, our session, our whole `calls` path with a secret registered, and that under a limit that the processes over a store share. Each
 * way has a server of its own; rounds alternate between them, so that what slows the machine slows all three.
 */
export async function benchCall({ rounds, callsPerRound }: { readonly rounds: number; readonly callsPerRound: number }): Promise<CallBench> {
  const redactor = createRedactor();
  redactor.register("a-secret-of-some-length", "TOKEN");
  const servers = ["session", "calls", "shared"].map((name) => workshopServer(name));
  const pool = createServerPool({ servers, clock: realClock, redactor, inheritedEnv: process.env, onStderr: () => undefined, clientVersion: "0.0.0", connectTimeoutMs: 30_000 });
  const folder = mkdtempSync(join(tmpdir(), "offstage-bench-"));
  const store = await openSqliteStore({ file: join(folder, "store.db"), clock: realClock });
  const lanes = createStoreLanes({ store, me: { host: "here", boot: "now", pid: process.pid, started: "1" }, alive: () => true, clock: realClock, random: randomBytes, onTrouble: () => undefined });
  const bare = new Client({ name: "bare", version: "0" });
  const { command, args } = workshopServer() as StdioServerConfig;
  try {
    await bare.connect(new StdioClientTransport({ command, args: [...args] }));
    const session = await pool.session("session");
    const rule = { effect: "read", sensitive: [], rate: { perSecond: 1_000_000, concurrent: 4 } } as const;
    const options = { sessions: (name: string) => pool.session(name), rules: { rule: () => rule }, redactor, clock: realClock, timeoutMs: () => 30_000, blobs: createMemoryBlobs() };
    const calls = createCalls(options);
    const shared = createCalls({ ...options, turns: { lanes, credentialOf: () => "token", rateOf: () => ({}) } });
    const ways = [
      () => bare.callTool({ name: "add", arguments: { a: 1, b: 2 } }),
      () => session.call("add", { a: 1, b: 2 }, { timeoutMs: 30_000 }),
      () => calls.call("calls", "add", { a: 1, b: 2 }),
      () => shared.call("shared", "add", { a: 1, b: 2 }),
    ];
    return await measure(ways, rounds, callsPerRound);
  } finally {
    await Promise.all([bare.close(), pool.close(), lanes.close()]);
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(ways: readonly (() => Promise<unknown>)[], rounds: number, callsPerRound: number): Promise<CallBench> {
  const times: number[][] = ways.map(() => []);
  // The first rounds warm the compilers of both sides and are not counted.
  for (let round = -3; round < rounds; round++) {
    for (let turn = 0; turn < ways.length; turn++) {
      const index = (turn + round + ways.length) % ways.length;
      const ms = await timeOf(ways[index], callsPerRound);
      if (round >= 0) times[index]?.push(ms);
    }
  }
  const [bare = [], session = [], calls = [], shared = []] = times;
  const ratio = (ours: readonly number[], to: readonly number[]): number => median(ours.map((ms, round) => ms / (to[round] ?? Number.NaN)));
  return { bareMs: median(bare), sessionMs: median(session), callsMs: median(calls), sharedMs: median(shared), sessionRatio: ratio(session, bare), callsRatio: ratio(calls, bare), sharedRatio: ratio(shared, calls) };
}

async function timeOf(way: (() => Promise<unknown>) | undefined, calls: number): Promise<number> {
  const start = performance.now();
  for (let call = 0; call < calls; call++) await way?.();
  return (performance.now() - start) / calls;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
