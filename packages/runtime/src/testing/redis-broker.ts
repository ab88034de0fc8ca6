import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { startBroker } from "./broker-process.ts";
import { freePort } from "./free-port.ts";
import type { TestBroker } from "./test-broker.ts";

/** A real Redis that keeps what it acknowledged, also when it is killed. `url` has its password. */
export async function startRedis(): Promise<TestBroker & { readonly redis: Redis; readonly url: string }> {
  const folder = mkdtempSync(join(tmpdir(), "offstage-redis-"));
  const port = await freePort();
  const password = "throw-away-password";
  const server = await startBroker("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", "--save", "", "--requirepass", password], port);
  const redis = new Redis({ port, password, maxRetriesPerRequest: 0, retryStrategy: () => 50 });
  redis.on("error", () => undefined);
  return {
    redis, password,
    url: `redis://:${password}@127.0.0.1:${port}`,
    entry: (queue, written) => `{ kind: redis, url: "redis://:${written}@127.0.0.1:${port}", stream: ${queue}, field: data, hold: 2s }`,
    kill: () => server.kill(),
    start: () => server.start(),
    send: async (queue, text) => void (await redis.xadd(queue, "*", "data", text)),
    given: (queue) => redis.xlen(queue),
    aside: async (queue) => ((await redis.xrange(`${queue}:dead`, "-", "+")) as [string, string[]][]).map(([, fields]) => ({ text: fields[1] ?? "", why: fields.at(-1) ?? "" })),
    async close() {
      redis.disconnect();
      await server.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
