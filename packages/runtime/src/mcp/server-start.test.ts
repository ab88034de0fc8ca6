import { afterEach, expect, test } from "vitest";
import type { Clock } from "../base/index.ts";
import { realClock } from "../testing/real-clock.ts";
import { brokenServer, createWatchedPool, type WatchedPool } from "../testing/workshop.ts";
import type { ServerConfig } from "./server-config.ts";
import type { ServerPoolOptions } from "./pool-options.ts";

const pools: WatchedPool[] = [];

/** The error of a start, as people see it. */
async function startError(config: ServerConfig, overrides?: Partial<ServerPoolOptions>): Promise<{ code: string; message: string; hint?: string }> {
  const watched = createWatchedPool([config], overrides);
  pools.push(watched);
  return watched.pool.session(config.name).then(
    () => ({ code: "NONE", message: "it started" }),
    (error: { code: string; message: string; hint?: string }) => error,
  );
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map(({ pool }) => pool.close()));
});

const missing: ServerConfig = { name: "missing", kind: "stdio", command: "no-such-command-here", args: [], env: {} };

test("a command that does not exist", async () => {
  expect(await startError(missing)).toMatchObject({ code: "SERVER_START", message: 'The MCP server "missing" could not be started: the command "no-such-command-here" was not found.' });
});

test("a folder that does not exist", async () => {
  expect(await startError({ ...missing, command: process.execPath, cwd: "/no/such/folder" })).toMatchObject({ code: "SERVER_START", message: expect.stringContaining("/no/such/folder does not exist") as string });
});

test("a command that may not be executed", async () => {
  expect(await startError({ ...missing, command: "/etc/passwd" })).toMatchObject({ code: "SERVER_START", message: expect.stringContaining("EACCES") as string });
});

test.each([{ args: ["swordfish\0-1234"] }, { env: { TOKEN: "swordfish\0-1234" } }, { command: "swordfish\0-1234" }])("what no system takes is refused, and not quoted (%j)", async (part) => {
  const error = await startError({ ...missing, ...part });
  expect(error).toMatchObject({ code: "SERVER_START", message: expect.stringContaining("null bytes") as string });
  expect(error.message).not.toContain("swordfish");
});

test("a stack trace does not push the line out that tells why", async () => {
  const error = await startError(brokenServer("crashes"));
  expect(error).toMatchObject({ code: "SERVER_EXITED", message: expect.stringContaining("Error: JIRA_URL is missing") as string });
  expect(error.message).not.toMatch(/Node\.js v|\bat /);
});

test("a server that exits at once tells its exit code and its last words, without the secret in them", async () => {
  expect(await startError(brokenServer("exits"))).toMatchObject({
    code: "SERVER_EXITED",
    message: 'The MCP server "exits" ended with exit code 3 before it was ready. Its last words: Error: token [redacted TOKEN] is not valid.',
  });
});

test("a program that prints its help and exits well is not a server", async () => {
  expect(await startError(brokenServer("help"))).toMatchObject({ code: "SERVER_GARBAGE", message: expect.stringContaining('"Usage: server [options]"') as string });
});

test("garbage instead of an answer is shown, shortened", async () => {
  const garbage = Promise.withResolvers<void>();
  // The time is over as soon as the garbage was seen.
  const clock: Clock = { now: () => realClock.now(), sleep: (ms, signal) => (ms === 9_999 ? garbage.promise : realClock.sleep(ms, signal)) };
  const error = await startError(brokenServer("garbage"), { connectTimeoutMs: 9_999, clock, onStderr: () => garbage.resolve() });
  expect(error).toMatchObject({ code: "SERVER_GARBAGE", message: expect.stringContaining('"garbage" wrote to its standard output something that is not MCP: "Usage: server') as string });
  expect(error.message.length).toBeLessThan(320);
});

test("endless garbage is not waited for", async () => {
  expect(await startError(brokenServer("babbles"))).toMatchObject({ code: "SERVER_GARBAGE", message: expect.stringContaining("bla bla") as string });
});

test("a line beyond the limit ends the server", async () => {
  expect(await startError(brokenServer("endless-line"), { maxLineBytes: 1_000_000 })).toMatchObject({ code: "SERVER_GARBAGE", message: expect.stringContaining("too long") as string });
});

test("a server that never answers is told after the time it had", async () => {
  expect(await startError(brokenServer("hangs"), { connectTimeoutMs: 1_000 })).toMatchObject({ code: "SERVER_TIMEOUT", message: 'The MCP server "hangs" did not answer within 1s after its start.' });
});

test("a server that refuses the handshake is quoted", async () => {
  expect(await startError(brokenServer("refuses"))).toMatchObject({ code: "SERVER_PROTOCOL", message: 'The MCP server "refuses" answered initialize with an error: no licence' });
});

test("stray lines on stdout are logged and skipped", async () => {
  const watched = createWatchedPool([brokenServer("greets")]);
  pools.push(watched);
  expect(await (await watched.pool.session("greets")).call("any", {}, { timeoutMs: 25_000 })).toMatchObject({ content: [{ text: "well" }] });
  expect(watched.lines).toEqual(["greets: stdout: Welcome to the server!", 'greets: stdout: {"level":"info"}', "greets: stdout: [1,2]", "greets: stdout: { not json"]);
});

test("a start that failed fails at once the next time, with the same error, while its back-off lasts", async () => {
  const clock = { now: () => 0, sleep: () => new Promise<void>(() => undefined) };
  const watched = createWatchedPool([missing], { clock });
  const first: unknown = await watched.pool.session("missing").catch((error: unknown) => error);
  const second: unknown = await watched.pool.session("missing").catch((error: unknown) => error);
  expect(second).toBe(first);
});
