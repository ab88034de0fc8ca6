import { afterEach, expect, test } from "vitest";
import { OffstageError, UnsafeInteger } from "../base/index.ts";
import { askingServer, brokenServer, createWatchedPool, type WatchedPool, workshopServer } from "../testing/workshop.ts";
import type { CallProgress } from "./progress.ts";
import type { ServerConfig } from "./server-config.ts";
import type { LateConfig, ServerPoolOptions } from "./pool-options.ts";
import type { ToolReply } from "./tool-reply.ts";

const pools: WatchedPool[] = [];
const CALL = { timeoutMs: 25_000 };

function open(servers: readonly ServerConfig[], overrides?: Partial<ServerPoolOptions>): WatchedPool {
  const watched = createWatchedPool(servers, overrides);
  pools.push(watched);
  return watched;
}

async function call(watched: WatchedPool, server: string, tool: string, args = {}, options = CALL): Promise<ToolReply> {
  return (await watched.pool.session(server)).call(tool, args, options);
}

afterEach(async () => {
  await Promise.all(pools.splice(0).map(({ pool }) => pool.close()));
});

test("a real server answers with text, structured content, images and its own errors", async () => {
  const watched = open([workshopServer()]);
  expect(await call(watched, "workshop", "add", { a: 1, b: 2 })).toEqual({ kind: "result", isError: false, structured: undefined, content: [{ type: "text", text: "3" }] });
  expect(await call(watched, "workshop", "structured")).toMatchObject({ structured: { count: 3 }, content: [{ text: "three of them" }] });
  expect(await call(watched, "workshop", "picture")).toMatchObject({ content: [{ type: "image", mimeType: "image/png" }] });
  expect(await call(watched, "workshop", "fails")).toMatchObject({ kind: "result", isError: true, content: [{ text: "it broke" }] });
  expect(await call(watched, "workshop", "throws")).toMatchObject({ kind: "error", sent: true, text: "Not Found", error: { code: "SERVER_PROTOCOL" } });
});

test("a config that comes late is asked for once, by the first use of its server, and its error is that use's", async () => {
  const asked: string[] = [];
  const late = (name: string, config: () => ServerConfig): LateConfig => ({ name, config: () => (asked.push(name), config()) });
  const missing = new OffstageError("SECRET_MISSING", "there is none");
  const { pool } = open([], { servers: [late("workshop", workshopServer), late("idle", workshopServer), late("broken", () => { throw missing; })] });
  expect(asked).toEqual([]);
  await Promise.all([pool.session("workshop"), pool.catalogue("workshop")]);
  await expect(pool.session("broken")).rejects.toBe(missing);
  expect(asked).toEqual(["workshop", "broken"]);
});

test("large integers keep their digits; a result that breaks its outputSchema is not thrown away", async () => {
  const watched = open([workshopServer()]);
  expect(await call(watched, "workshop", "big_structured")).toMatchObject({ structured: { id: new UnsafeInteger("9007199254740993") } });
  await watched.pool.catalogue("workshop");
  expect(await call(watched, "workshop", "unfaithful")).toMatchObject({ kind: "result", structured: { count: "many" } });
});

test("an answer that nests too deeply ends its call at once, as sent", async () => {
  expect(await call(open([workshopServer()]), "workshop", "deep")).toMatchObject({ kind: "error", sent: true, error: { message: expect.stringContaining("256 levels") as string } });
});

test("the catalogue has every tool as the server described it, and how the server introduced itself", async () => {
  const { pool } = open([workshopServer(), brokenServer("pages")]);
  const [workshop, pages] = await Promise.all([pool.catalogue("workshop"), pool.catalogue("pages")]);
  expect(workshop).toMatchObject({ server: "workshop", era: "legacy", protocolVersion: "2025-11-25", serverInfo: { name: "workshop", version: "1.2.3" }, instructions: "Mind the machines." });
  expect(workshop.tools.map((tool) => tool.name)).toContain("markdown");
  expect(pages.tools).toEqual([0, 1, 2].map((page) => ({ name: `tool-${page}`, inputSchema: { type: "object" }, "x-new": { limit: 3 } })));
  expect(Object.isFrozen(workshop.tools[0])).toBe(true);
});

test("a list of tools that never ends is refused", async () => {
  await expect(open([brokenServer("circles")]).pool.catalogue("circles")).rejects.toMatchObject({ code: "SERVER_PROTOCOL", message: expect.stringContaining("never ends") as string });
});

test("a server gets PATH, HOME and LANG of ours, what its entry names, and nothing else", async () => {
  const inheritedEnv = { ...process.env, LANG: "C.UTF-8", HOME: "/tmp", SECRET_OF_OURS: "x" };
  const watched = open([workshopServer("workshop", { JIRA_BASE_URL: "http://localhost" })], { inheritedEnv });
  expect(await call(watched, "workshop", "environment")).toMatchObject({ structured: { names: ["HOME", "JIRA_BASE_URL", "LANG", "PATH"] } });
});

test("a server is started once, however many ask at the same time, and lives in the folder that its entry names", async () => {
  const watched = open([{ ...workshopServer(), cwd: "/" } as ServerConfig]);
  const replies = await Promise.all([call(watched, "workshop", "pid"), call(watched, "workshop", "pid"), call(watched, "workshop", "pid")]);
  expect(new Set(replies.map((reply) => JSON.stringify(reply))).size).toBe(1);
  expect(await call(watched, "workshop", "environment")).toMatchObject({ structured: { folder: "/" } });
});

test("a flood on stderr neither blocks nor confuses a call, and every line is logged without the secret", async () => {
  const watched = open([workshopServer()]);
  expect(await call(watched, "workshop", "shout", { lines: 20_000 })).toMatchObject({ content: [{ text: "shouted" }] });
  expect(await call(watched, "workshop", "add", { a: 2, b: 2 })).toMatchObject({ content: [{ text: "4" }] });
  await watched.line("noise 999 ");
  expect(watched.lines.filter((line) => line.includes("[redacted TOKEN]")).length).toBeGreaterThan(0);
  expect(watched.lines.filter((line) => line.includes("swordfish"))).toEqual([]);
});

test("a server that dies in mid-call says how, and is started again for who asks for it anew, never within a session", async () => {
  const watched = open([workshopServer()]);
  const session = await watched.pool.session("workshop");
  const [died, beside] = await Promise.all([session.call("die", {}, CALL), session.call("never", {}, CALL)]);
  for (const reply of [died, beside]) {
    expect(reply).toMatchObject({ kind: "error", sent: true, error: { code: "SERVER_EXITED", message: 'The MCP server "workshop" ended with exit code 7. Its last words: fatal: out of cheese.' } });
  }
  expect(await session.call("add", { a: 1, b: 1 }, CALL)).toMatchObject({ kind: "error", sent: false, error: { code: "SERVER_EXITED" } });
  expect(await call(watched, "workshop", "add", { a: 1, b: 1 })).toMatchObject({ content: [{ text: "2" }] });
});

test("an answer after the timeout is ignored and logged", async () => {
  const watched = open([brokenServer("late")]);
  expect(await call(watched, "late", "any", {}, { timeoutMs: 50 })).toMatchObject({ kind: "error", sent: true, error: { code: "SERVER_TIMEOUT" } });
  expect(await watched.line("unknown message ID")).toContain("protocol: ");
});

test("answers that the protocol does not allow end their call as sent", async () => {
  const watched = open([brokenServer("malformed")]);
  for (const tool of ["result", "error", "infinite"]) expect(await call(watched, "malformed", tool)).toMatchObject({ kind: "error", sent: true, error: { code: "SERVER_PROTOCOL" } });
  expect(await call(watched, "malformed", "content")).toEqual({ kind: "result", isError: false, structured: null, content: [] });
  expect(await call(watched, "malformed", "blocks")).toMatchObject({ content: [{ type: "hologram", beams: 3 }, { type: "text", text: "seen" }] });
});

test("a server that closes its output ends its calls", async () => {
  expect(await call(open([brokenServer("closes-output")]), "closes-output", "any")).toMatchObject({ kind: "error", sent: true, error: { code: "SERVER_EXITED" } });
});

test("an unknown name is told, with those that exist", async () => {
  await expect(open([workshopServer()]).pool.session("github")).rejects.toMatchObject({ code: "SERVER_UNKNOWN", hint: "It has: workshop." });
});

test("a closed pool starts nothing any more", async () => {
  const { pool } = open([workshopServer()]);
  const session = await pool.session("workshop");
  await pool.close();
  await expect(pool.session("workshop")).rejects.toMatchObject({ code: "CANCELLED" });
  expect(await session.call("add", {}, CALL)).toMatchObject({ kind: "error", sent: false, error: { code: "SERVER_EXITED" } });
});

test("a server that asks for ever instead of answering is ended, and its call counts as sent", async () => {
  const watched = open([{ ...askingServer(), era: "legacy" }]);
  expect(await call(watched, "asking", "nags")).toMatchObject({ kind: "error", sent: true, error: { code: "SERVER_PROTOCOL", message: expect.stringContaining("asked for ever") as string } });
  expect(watched.lines.filter((line) => line.includes("Again?")).length).toBeLessThan(150);
  expect(await call(watched, "asking", "wants_login")).toMatchObject({ kind: "error", sent: true, text: expect.stringContaining("(somebody has to open https://example.com/sign-in?state=swordfish-1234 (Sign in))") as string });
  // It is started again when it is next needed.
  await expect(call(watched, "asking", "times")).resolves.toMatchObject({ kind: "result" });
});

test("a server that ends at any question before the handshake is started again, and spoken to in the legacy era", async () => {
  const { pool } = open([{ ...brokenServer("strict"), era: "modern" }]);
  expect(await pool.catalogue("strict")).toMatchObject({ era: "legacy", serverInfo: { name: "broken" } });
  expect(await (await pool.session("strict")).call("any", {}, CALL)).toMatchObject({ content: [{ text: "well" }] });
});

test("what a server does not read is bounded in our memory: the call has its time, and the next is not sent", async () => {
  const watched = open([brokenServer("deaf")]);
  const text = "x".repeat(10_000_000);
  expect(await call(watched, "deaf", "echo", { text }, { timeoutMs: 50 })).toMatchObject({ kind: "error", sent: true, error: { code: "SERVER_TIMEOUT", message: expect.stringContaining("did not answer") as string } });
  expect(await call(watched, "deaf", "echo", { text }, { timeoutMs: 50 })).toMatchObject({ kind: "error", sent: false, error: { code: "SERVER_TIMEOUT", message: 'The MCP server "deaf" does not read what it is sent: 10 MiB wait for it.' } });
});

test("a call whose server asked back, and was left there, counts as sent", async () => {
  const watched = open([{ ...askingServer(), era: "modern" }]);
  expect(await call(watched, "asking", "model")).toMatchObject({ kind: "error", sent: true, error: { code: "SERVER_PROTOCOL", message: expect.stringContaining("sampling") as string } });
  expect(await call(watched, "asking", "for_ever")).toMatchObject({ kind: "error", sent: true, error: { code: "SERVER_PROTOCOL", message: expect.stringContaining("asked back in the middle of for_ever, which was left there: it still wanted to know something after 10 rounds.") as string } });
  expect(await call(watched, "asking", "dies_when_answered")).toMatchObject({ kind: "error", sent: true, error: { code: "SERVER_EXITED" } });
});

test("progress is told that comes in one breath with the answer", async () => {
  const told: CallProgress[] = [];
  const session = await open([brokenServer("one-breath")]).pool.session("one-breath");
  await session.call("any", {}, { ...CALL, onProgress: (progress) => void told.push(progress) });
  expect(told).toEqual([{ done: 1, total: null, message: null }]);
});

test("every revision of the legacy era is spoken, whether a server was locked as legacy or is asked; another one is not", async () => {
  const revisions = ["2024-11-05", "2025-03-26", "2025-06-18"];
  const servers = [...revisions, "2019-01-01"].map((revision, index) => {
    const { era: _era, ...asked } = brokenServer("revision", revision);
    return { ...(index % 2 === 0 ? asked : { ...asked, era: "legacy" as const }), name: revision } as ServerConfig;
  });
  const { pool } = open(servers);
  expect(await Promise.all(revisions.map(async (revision) => (await pool.catalogue(revision)).protocolVersion))).toEqual(revisions);
  await expect(pool.catalogue("2019-01-01")).rejects.toMatchObject({ code: "SERVER_PROTOCOL", message: expect.stringContaining("2019-01-01") as string });
});
