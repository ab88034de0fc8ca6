import { afterEach, expect, test } from "vitest";
import type { Clock } from "../base/index.ts";
import { freePort } from "../testing/free-port.ts";
import { realClock } from "../testing/real-clock.ts";
import { brokenServer, createWatchedPool, type WatchedPool, workshopServer } from "../testing/workshop.ts";
import type { ServerConfig } from "./server-config.ts";

const pools: WatchedPool[] = [];
let offset = 0;
/** Goes on by itself, and by what a test adds. */
const clock: Clock = { now: () => realClock.now() + offset, sleep: (ms, signal) => realClock.sleep(ms, signal) };

function open(...servers: readonly ServerConfig[]): WatchedPool {
  offset = 0;
  const watched = createWatchedPool(servers, { clock });
  pools.push(watched);
  return watched;
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map(({ pool }) => pool.close()));
});

test("a server that falls silent is left alone after five calls, others are not; one call tries it again, and its answer ends that", async () => {
  const { pool } = open(brokenServer("moody"), workshopServer());
  const session = await pool.session("moody");
  // Its list is kept, and so says nothing of how it is.
  for (let call = 0; call < 5; call++, offset += 1_000, await pool.catalogue("moody")) expect(await session.call("ill", {}, { timeoutMs: 1 })).toMatchObject({ sent: true, error: { code: "SERVER_TIMEOUT" } });
  expect(await session.call("well", {}, { timeoutMs: 25_000 })).toMatchObject({ kind: "error", sent: false, error: { code: "SERVER_AILING", message: expect.stringContaining("has failed 5 times in a row since") as string } });
  await expect(pool.session("moody")).rejects.toMatchObject({ code: "SERVER_AILING" });
  expect(await (await pool.session("workshop")).call("add", { a: 1, b: 2 }, { timeoutMs: 25_000 })).toMatchObject({ kind: "result" });

  offset += 10_000;
  const again = await pool.session("moody");
  const [trial, other] = await Promise.all([again.call("well", {}, { timeoutMs: 25_000 }), again.call("well", {}, { timeoutMs: 25_000 })]);
  expect([trial.kind, other]).toMatchObject(["result", { kind: "error", sent: false, error: { code: "SERVER_AILING" } }]);
  expect(await again.call("well", {}, { timeoutMs: 25_000 })).toMatchObject({ kind: "result" });
});

test.each(["stdio", "http"] as const)("a server that cannot be started or reached (%s) is left alone after five tries, with the reason of the last", async (kind) => {
  const { pool } = open(kind === "stdio" ? { name: "gone", kind, command: "no-such-command-here", args: [], env: {} } : { name: "gone", kind, url: `http://127.0.0.1:${await freePort()}/mcp`, headers: {} });
  const errors: { readonly code: string; readonly message: string }[] = [];
  for (let start = 0; start < 6; start++) {
    errors.push(await pool.session("gone").then(() => ({ code: "", message: "" }), (error: (typeof errors)[number]) => error));
    offset += 5_000;
  }
  const code = kind === "stdio" ? "SERVER_START" : "SERVER_UNREACHABLE";
  expect(errors.map((error) => error.code)).toEqual([code, code, code, code, code, "SERVER_AILING"]);
  expect(errors[5]?.message).toContain(`The last failure: ${errors[4]?.message}`);
});
