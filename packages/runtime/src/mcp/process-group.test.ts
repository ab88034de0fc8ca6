import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { allGone, running } from "../testing/is-running.ts";
import { createWatchedPool, stubbornServer } from "../testing/workshop.ts";

const POOL_OWNER = fileURLToPath(new URL("../testing/servers/pool-owner.ts", import.meta.url));

test("closing ends the wrapper, the server behind it, and what else they started, SIGTERM ignored or not", async () => {
  const watched = createWatchedPool([stubbornServer()]);
  const { pool } = watched;
  const reply = await (await pool.session("stubborn")).call("pid", {}, { timeoutMs: 25_000 });
  const server = Number(reply.kind === "result" ? reply.content[0]?.["text"] : "");
  const sleeper = Number((await watched.line("sleeper")).replace(/.*sleeper /, ""));
  expect(running([server, sleeper])).toEqual([server, sleeper]);
  await pool.close();
  await allGone([server, sleeper]);
});

test("what a dead server left behind is ended before its successor starts", async () => {
  const watched = createWatchedPool([stubbornServer()]);
  const { pool } = watched;
  const session = await pool.session("stubborn");
  const sleeper = Number((await watched.line("sleeper")).replace(/.*sleeper /, ""));
  expect(await session.call("die", {}, { timeoutMs: 25_000 })).toMatchObject({ kind: "error", sent: true });
  expect(await (await pool.session("stubborn")).call("add", { a: 1, b: 1 }, { timeoutMs: 25_000 })).toMatchObject({ kind: "result" });
  await allGone([sleeper]);
  await pool.close();
});

/** Starts the owner of a pool; gives the pids of its server and of the server's own child. */
async function own(end: "exits" | "throws" | "waits"): Promise<{ kill: () => boolean; pids: readonly number[] }> {
  const owner = spawn(process.execPath, [POOL_OWNER, end], { stdio: ["ignore", "pipe", "ignore"] });
  let said = "";
  for await (const chunk of owner.stdout) {
    said += String(chunk);
    if (said.includes("\n")) break;
  }
  return { kill: () => owner.kill("SIGKILL"), pids: said.trim().split(" ").map(Number) };
}

test.each(["exits", "throws"] as const)("nothing is left when the process that started a server %s", async (end) => {
  const { pids } = await own(end);
  expect(pids.every((pid) => pid > 1)).toBe(true);
  await allGone(pids);
});

test("a server ends by itself when the process that started it is killed", async () => {
  const { kill, pids } = await own("waits");
  const [server = 0, sleeper = 0] = pids;
  expect(running([server])).toEqual([server]);
  kill();
  await allGone([server]);
  // What cares for no pipe outlives a SIGKILL of ours; nobody is left who could end it but this test.
  process.kill(sleeper, "SIGKILL");
});
