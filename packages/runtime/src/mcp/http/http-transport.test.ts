import type { ServerResponse } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createRedactor, type OffstageError } from "../../base/index.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { type HttpWorkshop, type Serving, startHttpWorkshop } from "../../testing/http-workshop.ts";
import { createWatchedPool, type WatchedPool } from "../../testing/workshop.ts";
import type { ServerPoolOptions } from "../pool-options.ts";
import type { ToolReply } from "../tool-reply.ts";
import { createHttpTransport } from "./http-transport.ts";

interface Open extends WatchedPool {
  readonly workshop: HttpWorkshop;
  call(tool: string, args?: object, timeoutMs?: number, signal?: AbortSignal): Promise<ToolReply>;
}

const opened: Open[] = [];

async function open(serving: Serving, overrides: Partial<ServerPoolOptions> = {}, config: Parameters<typeof startHttpWorkshop>[1] = {}): Promise<Open> {
  const workshop = await startHttpWorkshop(serving, config);
  const watched = createWatchedPool([workshop.config], overrides);
  const all: Open = { ...watched, workshop, call: async (tool, args = {}, timeoutMs = 25_000, signal = new AbortController().signal) => (await watched.pool.session("workshop")).call(tool, args as never, { timeoutMs, signal }) };
  opened.push(all);
  return all;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map(async ({ pool, workshop }) => {
    await pool.close();
    await workshop.close();
  }));
});

describe("which way", () => {
  test("a server that was locked as legacy is not asked what it may not know; another one is asked once, on the same connection", async () => {
    const locked = await open("sessions", {}, { era: "legacy" });
    await locked.pool.session("workshop");
    expect(locked.workshop.asked.filter((method) => method.startsWith("initialize") || method === "server/discover")).toEqual(["initialize"]);
    const asked = await open("modern", {}, { era: "modern" });
    await asked.call("add");
    expect(asked.workshop.asked).toEqual(["server/discover", "tools/call"]);
  });

  test("a server that no longer is what it was locked as is spoken to as it is, and the log says so", async () => {
    const { call, lines, workshop } = await open("modern", {}, { era: "legacy" });
    expect(await call("add", { a: 1, b: 1 })).toMatchObject({ content: [{ text: "2" }] });
    expect(workshop.asked).toEqual(["initialize", "server/discover", "tools/call"]);
    expect(lines.join()).toContain("it was locked as a server of the legacy era and is none any more");
  });

  test("where both ways fail, the failure of the newer one is told", async () => {
    const { pool, workshop } = await open("modern");
    for (let times = 0; times < 3; times++) {
      for (const method of ["server/discover", "initialize"]) workshop.fault(method, (response) => response.writeHead(404).end("nothing here"));
      workshop.fault("GET /mcp", (response) => response.writeHead(405).end("no stream either"));
    }
    await expect(pool.session("workshop")).rejects.toMatchObject({ code: "SERVER_REFUSED", message: expect.stringContaining("answered with HTTP 404: nothing here.") as string, hint: expect.stringContaining("url") as string });
  });
});

describe("a server that mcp.json calls an older event stream", () => {
  const entry = { transport: "sse" } as const;

  test.each<[Serving, number]>([["sessions", 400], ["modern", 405], ["stateless", 405]])("and that speaks the newer way (%s) is told as that", async (serving, status) => {
    const { pool } = await open(serving, {}, entry);
    await expect(pool.session("workshop")).rejects.toMatchObject({ code: "SERVER_REFUSED", message: expect.stringContaining(`answered with HTTP ${status}.`) as string, hint: expect.stringContaining('write "type": "http"') as string });
  });

  test.each<[string, (response: ServerResponse) => void, string, RegExp]>([
    ["a page", (response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>"), "SERVER_PROTOCOL", /"type": "sse"/],
    ["a dropped connection", (response) => response.destroy(), "SERVER_EXITED", /connected again/],
    ["a question who asks", (response) => response.writeHead(401).end(), "LOGIN_NEEDED", /offstage login/],
    ["no way in", (response) => response.writeHead(403).end(), "SERVER_REFUSED", /wants to know who you are/],
  ])("and whose stream does not begin, but for %s, is told as any other", async (_, answer, code, hint) => {
    const { pool, workshop } = await open("sse", {}, entry);
    workshop.fault("GET /mcp", answer);
    await expect(pool.session("workshop")).rejects.toMatchObject({ code, hint: expect.stringMatching(hint) as string });
  });

  test("and whose stream says nothing is not waited for for ever", async () => {
    const { pool, workshop } = await open("sse", { connectTimeoutMs: 100 }, entry);
    workshop.fault("GET /mcp", (response) => void response.writeHead(200, { "content-type": "text/event-stream" }).write(": hello\n\n"));
    await expect(pool.session("workshop")).rejects.toMatchObject({ code: "SERVER_TIMEOUT", hint: expect.stringContaining('"type": "sse"') as string });
  });

  test("and where nothing listens is told as that", async () => {
    const { pool, workshop } = await open("sse", {}, entry);
    await workshop.close();
    await expect(pool.session("workshop")).rejects.toMatchObject({ code: "SERVER_UNREACHABLE", message: expect.stringContaining("nothing listens there") as string });
  });
});

describe("a request that fails", () => {
  test("was not sent where nothing listens, and the next one is tried again", async () => {
    const { call, workshop } = await open("modern");
    await call("add");
    await workshop.close();
    // The first one meets a connection that was kept open: nobody knows what the server read of it.
    expect(await call("add")).toMatchObject({ kind: "error", sent: true, error: { code: "SERVER_EXITED" } });
    expect(await call("add")).toMatchObject({ kind: "error", sent: false, error: { code: "SERVER_UNREACHABLE", message: expect.stringContaining("nothing listens there") as string } });
  });

  test("was not sent where no TLS came about, or a proxy gave no way", async () => {
    const { workshop } = await open("modern");
    const answers = ["HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n", ""];
    const refuses = createServer((socket) => void socket.once("data", () => socket.end(answers.shift() ?? "")));
    await new Promise<void>((resolve) => refuses.listen(0, "127.0.0.1", resolve));
    const proxy = `http://127.0.0.1:${(refuses.address() as AddressInfo).port}`;
    const reach = async (url: string, httpProxy: string): Promise<string> => {
      const { pool } = createWatchedPool([{ name: "far", kind: "http", url, headers: {} }], { inheritedEnv: { http_proxy: httpProxy } });
      const failure = await pool.session("far").then(() => null, (error: unknown) => error as OffstageError);
      await pool.close();
      return `${failure?.code ?? ""} ${failure?.message ?? ""}`;
    };
    expect(await reach(workshop.url.replace("http:", "https:"), "")).toMatch(/^SERVER_UNREACHABLE .*speaks no TLS/);
    expect(await reach(workshop.url, "http://127.0.0.1:1")).toMatch(/^SERVER_UNREACHABLE .*nothing listens there/);
    expect(await reach(workshop.url, proxy)).toMatch(/^SERVER_UNREACHABLE .*Proxy response \(403\)/);
    expect(await reach(workshop.url, proxy)).toMatch(/^SERVER_UNREACHABLE .*other side closed/);
    refuses.close();
    expect(workshop.asked).toEqual([]);
  });

  test.each([429, 413, 415])("was not taken when the status is %i", async (status) => {
    const { call, workshop } = await open("modern");
    workshop.fault("tools/call", (response) => response.writeHead(status, { "retry-after": "7" }).end("slow down"));
    expect(await call("add")).toMatchObject({ kind: "error", sent: false, error: { code: "SERVER_REFUSED", message: expect.stringContaining(`HTTP ${status}: slow down.`) as string, hint: expect.stringMatching(status === 429 ? /wait 7 s/ : /log/) as string } });
  });

  test.each<[number, Record<string, string>, number | undefined]>([
    [429, { "retry-after": "7" }, 7_000], [429, {}, 1_000], [429, { "retry-after": "soon" }, 1_000], [429, { "retry-after": "Thu, 01 Jan 1970 00:00:00 GMT" }, 1_000],
    [503, { "retry-after": "2" }, 2_000], [503, {}, undefined], [500, { "retry-after": "2" }, undefined],
  ])("with a %i and %j asks for a pause of %s ms", async (status, headers, ms) => {
    const { call, workshop } = await open("modern");
    workshop.fault("tools/call", (response) => response.writeHead(status, headers).end());
    const reply = await call("add");
    expect(reply.kind === "error" ? reply.retryAfterMs : null).toBe(ms);
  });

  test.each<[number, Record<string, string>, RegExp]>([[401, { authorization: "Bearer swordfish-1234" }, /does not take the `Authorization` of its `headers`/], [403, {}, /wants to know who you are/]])("with a %i says where that comes from who we are", async (status, headers, hint) => {
    const { call, workshop } = await open("sessions", {}, { headers });
    await call("add");
    workshop.fault("tools/call", (response) => response.writeHead(status).end());
    expect(await call("add")).toMatchObject({ kind: "error", sent: status !== 401, error: { code: "SERVER_REFUSED", hint: expect.stringMatching(hint) as string } });
  });

  test.each<[string, (response: ServerResponse) => void, string]>([
    ["a 502", (response) => response.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad gateway</h1>"), "HTTP 502."],
    ["a page", (response) => response.writeHead(200, { "content-type": "text/html" }).end("<h1>Welcome</h1>"), "does not speak MCP"],
    ["a dropped connection", (response) => response.destroy(), "broke before the answer"],
    ["half an answer", (response) => response.writeHead(200, { "content-type": "application/json" }).write('{"jsonrpc":', () => response.destroy()), "broke before the answer"],
    ["an answer that is none", (response) => response.writeHead(200, { "content-type": "application/json" }).end('{"jsonrpc":"2.0"}'), ""],
    ["a stream without an answer", (response) => response.writeHead(200, { "content-type": "text/event-stream" }).end(": nothing\n\n"), "ended before the answer"],
    ["a stream that breaks", (response) => response.writeHead(200, { "content-type": "text/event-stream" }).write(": nothing\n\n", () => response.destroy()), "ended before the answer"],
  ])("may have been done after %s, and the server is spoken to again", async (_what, answer, says) => {
    const { call, workshop } = await open("modern");
    workshop.fault("tools/call", answer, "after");
    expect(await call("add")).toMatchObject({ kind: "error", sent: true, error: { message: expect.stringContaining(says) as string } });
    expect(await call("add", { a: 1, b: 1 })).toMatchObject({ content: [{ text: "2" }] });
  });

  test.each<[number, string]>([[307, "points to /elsewhere"], [308, "points to /elsewhere"], [421, "log"]])("goes out once, whatever a %i would have sent again", async (status, hint) => {
    const { call, workshop } = await open("sessions");
    await call("add");
    const before = workshop.asked.length;
    workshop.fault("tools/call", (response) => response.writeHead(status, { location: "/elsewhere" }).end(), "after");
    expect(await call("add")).toMatchObject({ kind: "error", sent: true, error: { code: "SERVER_REFUSED", hint: expect.stringContaining(hint) as string } });
    expect(workshop.asked.slice(before).filter((method) => method === "tools/call")).toHaveLength(1);
  });

  test("ends when the rest of its stream cannot be fetched, and not at its timeout", async () => {
    const { call, workshop } = await open("sessions");
    await call("add");
    workshop.fault("tools/call", (response) => response.writeHead(200, { "content-type": "text/event-stream" }).end("id: e-1\nretry: 10\ndata:\n\n"), "after");
    for (let times = 0; times < 3; times++) workshop.fault("GET /mcp", (response) => response.writeHead(503).end());
    expect(await call("add")).toMatchObject({ kind: "error", sent: true, error: { code: "SERVER_PROTOCOL", message: expect.stringContaining("the rest could not be fetched") as string } });
  });

  test("is not held for as long as its answer goes on, when that is no message", async () => {
    const { call, workshop } = await open("sessions");
    workshop.fault("tools/call", (response) => {
      response.writeHead(500, { "content-type": "text/plain" });
      const pour = (): void => void (response.writable && response.write("x".repeat(65_536), () => setImmediate(pour)));
      pour();
    });
    expect(await call("add")).toMatchObject({ kind: "error", sent: true, error: { code: "SERVER_REFUSED" } });
  });

  test("tells no part of a secret that its server put where it is cut", async () => {
    const { call, workshop } = await open("sessions");
    workshop.fault("tools/call", (response) => response.writeHead(429, { "retry-after": `${"a".repeat(30)}swordfish-1234` }).end());
    expect(JSON.stringify(await call("add"))).not.toContain("swordf");
  });

  test.each<[number, number, string]>([[404, -32_601, "application/json"], [404, -32_001, "application/json; charset=utf-8"], [404, -32_602, "text/plain"], [400, -32_000, "application/json"], [404, -32_001, "text/event-stream"]])("was looked at when its own id comes back, under a %i too (%i, %s): it is not sent again, and the server is spoken to again", async (status, code, type) => {
    const { call, workshop } = await open("sessions");
    await call("add");
    const before = workshop.asked.length;
    const frame = type === "text/event-stream" ? ["event: message\ndata: ", "\n\n"] : ["", ""];
    workshop.fault("tools/call", (response) => response.writeHead(status, { "content-type": type }).end(frame.join(JSON.stringify({ jsonrpc: "2.0", id: workshop.id(), error: { code, message: "not here" } }))), "after");
    expect(await call("add")).toMatchObject({ kind: "error", sent: true, text: "not here", error: { code: "SERVER_PROTOCOL" } });
    expect(workshop.asked.slice(before)).toEqual(["tools/call"]);
    expect(await call("add", { a: 1, b: 1 })).toMatchObject({ content: [{ text: "2" }] });
    expect(workshop.asked.slice(before).includes("initialize")).toBe(status === 404 && code !== -32_601);
  });

  test("and refused by a server that could not read its id is told in the server's words", async () => {
    const { call, workshop } = await open("sessions");
    await call("add");
    workshop.fault("tools/call", (response) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ jsonrpc: "2.0", id: null, error: { code: -32_600, message: "no licence" } })));
    expect(await call("add")).toMatchObject({ kind: "error", sent: true, text: "no licence", error: { code: "SERVER_PROTOCOL" } });
  });

  test.each([null, 99_999, "server-error"])("with a 404 that is no answer to it (id %j) took nothing", async (id) => {
    const { call, workshop } = await open("sessions");
    await call("add");
    workshop.fault("tools/call", (response) => response.writeHead(404, { "content-type": "application/json" }).end(JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32_001, message: "Session not found" } })));
    expect(await call("add")).toMatchObject({ kind: "error", sent: false, error: { code: "SERVER_SESSION_LOST" } });
  });

  test("a session that the server has lost took nothing; the next session is a new one", async () => {
    const { pool, call, workshop } = await open("sessions");
    const session = await pool.session("workshop");
    workshop.forget();
    expect(await session.call("add", {}, { timeoutMs: 25_000 })).toMatchObject({ kind: "error", sent: false, error: { code: "SERVER_SESSION_LOST" } });
    expect(await call("add", { a: 1, b: 1 })).toMatchObject({ content: [{ text: "2" }] });
  });
});

test.each<[Serving, string]>([["modern", "a stream"], ["sessions", "a stream"], ["sessions", "headers"]])("a call that was given up holds no connection (%s, while it waited for %s)", async (serving, waitsFor) => {
  const { call, workshop, lines } = await open(serving);
  if (waitsFor === "headers") workshop.fault("tools/call", () => undefined);
  const stop = new AbortController();
  const begun = waitsFor === "headers" ? workshop.came("tools/call") : null;
  const reply = call("never", { key: `${serving} ${waitsFor}` }, 25_000, stop.signal);
  await (begun ?? call("begun", { key: `${serving} ${waitsFor}` }));
  const left = workshop.left("tools/call");
  stop.abort();
  expect(await reply).toMatchObject({ kind: "error", sent: true, error: { code: "CANCELLED" } });
  await left;
  expect(await call("add", { a: 1, b: 1 })).toMatchObject({ content: [{ text: "2" }] });
  expect(lines).toEqual([]);
});

test("when a tool wants other headers than it did, the list of tools is read again for the next call", async () => {
  const { pool, call, workshop } = await open("modern", {}, { era: "modern" });
  const listed = async (): Promise<number> => (await pool.catalogue("workshop"), workshop.asked.filter((method) => method === "tools/list").length);
  const pages = await listed();
  await call("throws");
  expect(await listed()).toBe(pages);
  expect(await call("mismatch")).toMatchObject({ kind: "error", sent: true });
  expect(await listed()).toBe(2 * pages);
});

test("the config's headers go with every request, and say who we are", async () => {
  const { call, workshop } = await open("sessions", {}, { headers: { Authorization: "Bearer swordfish-1234", "X-Team": "a" } });
  await call("add");
  expect(workshop.headers()).toMatchObject({ authorization: "Bearer swordfish-1234", "x-team": "a" });
});

test.each<[Serving]>([["modern"], ["sessions"], ["stateless"]])("a request that is part of a trace says so to the server, and to what stands before it (%s)", async (serving) => {
  const { pool, workshop } = await open(serving);
  const session = await pool.session("workshop");
  const traceParent = `00-${"4b".repeat(16)}-${"0f".repeat(8)}-01`;
  expect(await session.call("add", { a: 1, b: 2 }, { timeoutMs: 25_000, traceParent })).toMatchObject({ kind: "result", isError: false });
  expect([workshop.meta(), workshop.headers()["traceparent"]]).toEqual([expect.objectContaining({ traceparent: traceParent }), traceParent]);
  await session.call("add", { a: 1, b: 2 }, { timeoutMs: 25_000 });
  expect(workshop.headers()["traceparent"]).toBeUndefined();
});

test("a redirect to another site is not followed, and nothing goes there", async () => {
  const elsewhere = await open("modern");
  const { pool, workshop } = await open("modern", {}, { headers: { "x-key": "swordfish-1234" } });
  for (const method of ["server/discover", "initialize"]) workshop.fault(method, (response) => response.writeHead(307, { location: elsewhere.workshop.url }).end());
  await expect(pool.session("workshop")).rejects.toMatchObject({ code: "SERVER_REFUSED", message: expect.stringContaining("HTTP 307") as string });
  expect(elsewhere.workshop.asked).toEqual([]);
});

test("a server that says nothing is told after the time it had", async () => {
  const { pool, workshop } = await open("modern", { connectTimeoutMs: 100 });
  workshop.fault("server/discover", () => undefined);
  await expect(pool.session("workshop")).rejects.toMatchObject({ code: "SERVER_TIMEOUT", message: expect.stringContaining(`${new URL(workshop.url).origin}/mcp did not answer within 100ms`) as string });
});

test("a renewal whose answer never ends holds up the end of a connection for five seconds, and no longer", async () => {
  const clock = createFakeClock();
  const never = Promise.withResolvers<never>();
  const transport = createHttpTransport({ name: "shop", kind: "http", url: "http://127.0.0.1:9/mcp", headers: {} }, { clock, inheritedEnv: {}, log: () => undefined, redactor: createRedactor(), redact: (text) => text, authorizer: { over: (send) => send, settled: () => never.promise, giveUp: () => never.reject(new Error("given up")) }, maxLineBytes: 1_000, patience: {} as never }, "streamable");
  let isClosed = false;
  const closed = transport.close().then(() => (isClosed = true));
  await clock.advance(4_999);
  expect(isClosed).toBe(false);
  await clock.advance(1);
  await closed;
  await expect(never.promise).rejects.toThrow("given up");
});
