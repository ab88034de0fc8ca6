import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UnsafeInteger } from "../base/index.ts";
import { type Serving, startHttpWorkshop } from "../testing/http-workshop.ts";
import { realClock } from "../testing/real-clock.ts";
import { createWatchedPool, modernWorkshopServer, type WatchedPool, workshopServer } from "../testing/workshop.ts";
import type { ServerConfig } from "./server-config.ts";
import type { SessionCallOptions } from "./server-session.ts";
import type { ToolReply } from "./tool-reply.ts";

interface Way {
  readonly config: ServerConfig;
  close(): Promise<void>;
}

const overHttp = (serving: Serving) => (): Promise<Way> => startHttpWorkshop(serving);
const onStdio = (config: ServerConfig) => (): Promise<Way> => Promise.resolve({ config, close: () => Promise.resolve() });

const WAYS: readonly [name: string, era: "legacy" | "modern", start: () => Promise<Way>][] = [
  ["on stdio", "legacy", onStdio(workshopServer())],
  ["on stdio, of both eras", "modern", onStdio(modernWorkshopServer())],
  ["over HTTP", "modern", overHttp("modern")],
  ["over HTTP, of both eras", "modern", overHttp("stateless")],
  ["over HTTP with sessions", "legacy", overHttp("sessions")],
  ["over HTTP with one event stream", "legacy", overHttp("sse")],
];

/** A time limit that is over when the test says so, ms. */
const UNTIL_TOLD = 7_654_321;

describe.each(WAYS)("a server %s", (name, era, start) => {
  let way: Way;
  let watched: WatchedPool;
  const timeIsUp = Promise.withResolvers<void>();
  const call = async (tool: string, args = {}, options: Partial<SessionCallOptions> = {}): Promise<ToolReply> => (await watched.pool.session("workshop")).call(tool, args, { timeoutMs: 25_000, ...options });

  beforeAll(async () => {
    way = await start();
    watched = createWatchedPool([way.config], { maxLineBytes: 200_000, clock: { now: realClock.now, sleep: (ms, signal) => (ms === UNTIL_TOLD ? timeIsUp.promise : realClock.sleep(ms, signal)) } });
  });
  afterAll(async () => {
    await watched.pool.close();
    await way.close();
  });

  test("says who it is, and lists what it has, over all pages", async () => {
    const catalogue = await watched.pool.catalogue("workshop");
    expect(catalogue).toMatchObject({ era, serverInfo: { name: "workshop", version: "1.2.3" }, instructions: "Mind the machines." });
    expect(catalogue.tools.map((tool) => tool.name)).toEqual(expect.arrayContaining(["add", "markdown", "die"]));
    expect(new Set(catalogue.tools.map((tool) => tool.name)).size).toBe(catalogue.tools.length);
  });

  test("answers, fails in its own words, and gets its arguments as they were", async () => {
    expect(await call("add", { a: 1, b: 2 })).toEqual({ kind: "result", isError: false, structured: undefined, content: [{ type: "text", text: "3" }] });
    expect(await call("fails")).toMatchObject({ kind: "result", isError: true, content: [{ text: "it broke" }] });
    expect(await call("throws")).toMatchObject({ kind: "error", sent: true, error: { code: "SERVER_PROTOCOL", message: expect.stringContaining("Not Found") as string } });
    expect(await call("arguments", { text: "a\u2028b", deep: [{ id: 5 }] })).toMatchObject({ structured: { text: "a\u2028b", deep: [{ id: 5 }] } });
  });

  test("keeps the digits of large integers, and is refused what nests too deeply", async () => {
    expect(await call("big_structured")).toMatchObject({ structured: { id: new UnsafeInteger("9007199254740993") } });
    expect(await call("deep")).toMatchObject({ kind: "error", sent: true, error: { message: expect.stringContaining("256 levels") as string } });
  });

  test("is told that a call has run out of time, and goes on", async () => {
    const key = `${name} late`;
    const reply = call("never", { key }, { timeoutMs: UNTIL_TOLD });
    await call("begun", { key });
    timeIsUp.resolve();
    expect(await reply).toMatchObject({ kind: "error", sent: true, error: { code: "SERVER_TIMEOUT" } });
    expect(await call("given_up", { key })).toMatchObject({ content: [{ text: "given up" }] });
  });

  test("is told that a call was cancelled, and goes on", async () => {
    const stop = new AbortController();
    const key = `${name} cancelled`;
    const reply = call("never", { key }, { signal: stop.signal });
    await call("begun", { key });
    stop.abort();
    expect(await reply).toMatchObject({ kind: "error", sent: true, error: { code: "CANCELLED" } });
    expect(await call("given_up", { key })).toMatchObject({ content: [{ text: "given up" }] });
  });

  test("says how far a call is, where somebody listens", async () => {
    const heard: unknown[] = [];
    expect(await call("steps", {}, { onProgress: (progress) => void heard.push(progress) })).toMatchObject({ content: [{ text: "there" }] });
    expect(heard).toEqual([1, 2].map((done) => ({ done, total: 2, message: `step ${done}` })));
    expect(await call("steps")).toMatchObject({ content: [{ text: "there" }] });
    expect(heard).toHaveLength(2);
  });

  test("cannot make us hold more than a message may have", async () => {
    expect(await call("echo", { text: "x".repeat(150_000) })).toMatchObject({ kind: "result" });
    expect(await call("echo", { text: "x".repeat(300_000) })).toMatchObject({ kind: "error", sent: true });
    expect(await call("add", { a: 1, b: 1 })).toMatchObject({ content: [{ text: "2" }] });
  });
});
