import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { createRedactor } from "offstage/base";
import { createServerPool, type ServerConfig, type ServerPool } from "offstage/mcp";
import { startHttpWorkshop } from "../../packages/runtime/src/testing/http-workshop.ts";
import { realClock } from "../../packages/runtime/src/testing/real-clock.ts";
import { workshopServer } from "../../packages/runtime/src/testing/workshop.ts";
import { type Figure, median, ms, timeMs } from "./figures.ts";

const SERVERS = 10;
const CONNECT_ROUNDS = 3;
const MAX_CONNECT_RATIO = 1.3;
const CONCURRENT = 200;
const HTTP_ROUNDS = 11;
/** 0.9 of the bare SDK's throughput. */
const MAX_HTTP_RATIO = 1.11;
/** How long a server waits before it answers at all, as one does that opens a database or asks a vault. Ms. */
const WAIT_MS = 1_000;
/** A server in a few lines: its start is nearly all waiting, so that two cores are enough for ten of it. */
const WAITING = `sleep ${WAIT_MS / 1000}; while read -r line; do case "$line" in *'"initialize"'*) id=\${line##*'"id":'}; id=\${id%%[,\\}]*}; printf '{"jsonrpc":"2.0","id":%s,"result":{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"waiting","version":"1"}}}\\n' "$id";; esac; done`;

/** Ten servers at once against the slowest of them alone, and many calls at once over HTTP against the bare SDK. */
export async function benchConnecting(): Promise<readonly Figure[]> {
  const waiting = (name: string): ServerConfig => ({ name, kind: "stdio", command: "sh", args: ["-c", WAITING], env: {}, era: "legacy" });
  const node = (name: string): ServerConfig => ({ ...workshopServer(name), era: "legacy" });
  return [
    await benchStarts(`${SERVERS} servers that wait ${WAIT_MS} ms, connected at once`, waiting),
    // Ten starts of Node take ten times the work of one: on few cores this is the machine's figure, not ours.
    { ...(await benchStarts(`${SERVERS} servers in Node, connected at once`, node)), bound: SERVERS },
    await benchHttp(),
  ];
}

function poolOf(servers: readonly ServerConfig[]): ServerPool {
  return createServerPool({ servers, clock: realClock, redactor: createRedactor(), inheritedEnv: process.env, onStderr: () => undefined, clientVersion: "0.0.0", connectTimeoutMs: 30_000, patience: { afterInputClosedMs: 50, afterTermMs: 50 } });
}

async function benchStarts(what: string, server: (name: string) => ServerConfig): Promise<Figure> {
  const names = Array.from({ length: SERVERS }, (_, index) => `server${index}`);
  const times = { alone: [] as number[], together: [] as number[] };
  for (let round = -1; round < CONNECT_ROUNDS; round++) {
    const alone = await connectMs(["server0"].map(server));
    const together = await connectMs(names.map(server));
    if (round < 0) continue;
    times.alone.push(alone);
    times.together.push(together);
  }
  const value = median(times.together.map((time, round) => time / (times.alone[round] ?? Number.NaN)));
  return { what, ours: ms(median(times.together)), baseline: `${ms(median(times.alone))} one alone`, value, bound: MAX_CONNECT_RATIO, unit: "×" };
}

async function connectMs(servers: readonly ServerConfig[]): Promise<number> {
  const pool = poolOf(servers);
  try {
    return await timeMs(() => Promise.all(servers.map(({ name }) => pool.session(name))));
  } finally {
    await pool.close();
  }
}

async function benchHttp(): Promise<Figure> {
  const workshop = await startHttpWorkshop("sessions");
  const pool = poolOf([{ ...workshop.config, era: "legacy" }]);
  const bare = new Client({ name: "bare", version: "0" });
  try {
    await bare.connect(new StreamableHTTPClientTransport(new URL(workshop.url)));
    const session = await pool.session("workshop");
    const many = (call: () => Promise<unknown>) => () => Promise.all(Array.from({ length: CONCURRENT }, call));
    const ours = many(() => session.call("add", { a: 1, b: 2 }, { timeoutMs: 30_000 }));
    const base = many(() => bare.callTool({ name: "add", arguments: { a: 1, b: 2 } }));
    const times = { ours: [] as number[], base: [] as number[] };
    for (let round = -3; round < HTTP_ROUNDS; round++) {
      // In turns, so that neither always comes first.
      const [first, second] = round % 2 === 0 ? [ours, base] : [base, ours];
      const [one, other] = [await timeMs(first), await timeMs(second)];
      if (round < 0) continue;
      times.ours.push(round % 2 === 0 ? one : other);
      times.base.push(round % 2 === 0 ? other : one);
    }
    const value = median(times.ours.map((time, round) => time / (times.base[round] ?? Number.NaN)));
    return { what: `${CONCURRENT} calls at once over HTTP`, ours: ms(median(times.ours)), baseline: `${ms(median(times.base))} bare SDK`, value, bound: MAX_HTTP_RATIO, unit: "×" };
  } finally {
    await Promise.all([bare.close(), pool.close()]);
    await workshop.close();
  }
}
