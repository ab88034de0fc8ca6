import { Client, ProtocolError } from "@modelcontextprotocol/client";
import { afterAll, describe, expect, test } from "vitest";
import { createRedactor } from "../../base/index.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { realClock } from "../../testing/real-clock.ts";
import { changingServer } from "../../testing/workshop.ts";
import { createStdioTransport } from "../stdio-transport.ts";
import { followChanges } from "./follow-changes.ts";
import { keepListening } from "./keep-listening.ts";
import type { EventWants, Notice, ServerEvent } from "./server-event.ts";
import type { Subscription } from "./shared-subscriptions.ts";
import { createWatches, type OpenWatch } from "./watches.ts";

const clients: Client[] = [];
afterAll(async () => void (await Promise.all(clients.map((client) => client.close()))));

interface Open {
  readonly watch: OpenWatch;
  /** Everything that the connection itself heard. */
  readonly heard: readonly ServerEvent[];
  call(name: string, args?: { readonly [name: string]: string }): Promise<readonly string[]>;
}

async function connect(era: "legacy" | "modern"): Promise<Open> {
  const context = { clock: realClock, inheritedEnv: process.env, redactor: createRedactor(), authorizer: null, log: () => undefined, redact: (text: string) => text, maxLineBytes: 1_000_000, patience: { afterInputClosedMs: 200, afterTermMs: 200 } };
  const client = new Client({ name: "test", version: "0" }, era === "modern" ? { versionNegotiation: { mode: { pin: "2026-07-28" } } } : {});
  clients.push(client);
  const over = new Promise<string>((resolve) => (client.onclose = () => resolve("the connection is over")));
  await client.connect(createStdioTransport(changingServer() as never, context).transport);
  const heard: ServerEvent[] = [];
  const watch = followChanges({ name: "changing", client, clock: realClock, timeoutMs: 20_000, over }, (event) => heard.push(event));
  const call = async (name: string, args: { readonly [name: string]: string } = {}): Promise<readonly string[]> => JSON.parse(((await client.callTool({ name, arguments: { ...args } })).content[0] as { readonly text: string }).text) as string[];
  return { watch, heard, call };
}

function listener(watch: OpenWatch, wants: Partial<EventWants>): { readonly heard: Notice[]; readonly opened: Promise<Subscription> } {
  const heard: Notice[] = [];
  return { heard, opened: watch({ resources: [], lists: false, ...wants }, (notice) => void heard.push(notice), new AbortController().signal) };
}

describe.each(["legacy", "modern"] as const)("a real server of the %s era", (era) => {
  const connected = connect(era);

  test("tells of what is watched, and of nothing else; who wants no more hears no more", async () => {
    const { watch, call } = await connected;
    const [a, b, both] = [listener(watch, { resources: ["note://a"] }), listener(watch, { resources: ["note://b"] }), listener(watch, { resources: ["note://b", "note://a"], lists: true })];
    const open = await Promise.all([a.opened, b.opened, both.opened]);
    await call("touch", { uri: "note://a" });
    await call("grow");
    const updated = (uri: string): Notice => ({ kind: "resource-updated", uri });
    const told = a.heard.length;
    expect(a.heard).toEqual(Array.from({ length: Math.max(1, told) }, () => updated("note://a")));
    expect(b.heard).toEqual([]);
    expect(both.heard).toContainEqual(updated("note://a"));
    expect(both.heard).toContainEqual({ kind: "list-changed", list: "tools" });
    await Promise.all([open[0].close(), open[2].close()]);
    await call("touch", { uri: "note://b" });
    await call("touch", { uri: "note://a" });
    expect(b.heard).toEqual([updated("note://b")]);
    expect(a.heard).toHaveLength(told);
    await open[1].close();
  });

  test("tells its connection of its lists, unasked", async () => {
    const { heard, call } = await connected;
    const before = heard.length;
    await call("grow");
    expect(heard.slice(before)).toContainEqual({ kind: "list-changed", list: "tools" });
  });
});

test("in the legacy era a resource is asked for once, and given up with its last listener", async () => {
  const { watch, call } = await connect("legacy");
  const [one, two] = [await listener(watch, { resources: ["note://a"] }).opened, await listener(watch, { resources: ["note://a", "note://b"] }).opened];
  await Promise.all([one.close(), one.close()]);
  expect(await call("asked")).toEqual(["subscribe note://a", "subscribe note://b"]);
  await two.close();
  expect((await call("asked")).slice(2).toSorted()).toEqual(["unsubscribe note://a", "unsubscribe note://b"]);
});

test("a server that agrees to listen and leaves out what is wanted, or knows no listening, is refused", async () => {
  let closed = 0;
  const client = { getProtocolEra: () => "modern", getServerCapabilities: () => ({ tools: { listChanged: true }, resources: { subscribe: true } }), listen: () => Promise.resolve({ honoredFilter: { resourceSubscriptions: ["note://a"] }, closed: new Promise(() => undefined), close: () => Promise.resolve(void (closed += 1)) }) } as unknown as Client;
  const watch = createWatches({ name: "changing", client, notices: { on: () => () => undefined }, over: new Promise(() => undefined), clock: createFakeClock(), timeoutMs: 1_000 });
  const open = (wants: Partial<EventWants>): Promise<Subscription> => watch({ resources: [], lists: false, ...wants }, () => undefined, new AbortController().signal);
  await expect(open({ resources: ["note://a", "note://b"] })).rejects.toMatchObject({ code: "LISTEN_UNSUPPORTED", message: expect.stringContaining("changes of note://b.") as string });
  await expect(open({ lists: true })).rejects.toMatchObject({ code: "LISTEN_UNSUPPORTED" });
  expect(closed).toBe(2);
  await expect(open({ resources: ["note://a"] })).resolves.toBeDefined();
  Object.assign(client, { listen: () => Promise.reject(new ProtocolError(-32_601, "Method not found")) });
  await expect(open({ resources: ["note://b"] })).rejects.toMatchObject({ code: "LISTEN_UNSUPPORTED" });
  Object.assign(client, { listen: () => Promise.reject(new ProtocolError(-32_603, "Subscription limit reached")) });
  await expect(open({ resources: ["note://b"] })).rejects.toMatchObject({ code: -32_603 });
});

/** Watches that end when they are told to. */
function scripted(): { readonly watches: () => Promise<OpenWatch>; lose(why: string): void; fail: boolean; opened: number } {
  let end: (why: string) => void = () => undefined;
  const script = {
    fail: false,
    opened: 0,
    lose: (why: string) => end(why),
    watches: () => {
      if (script.fail) return Promise.reject(new Error("it does not start"));
      return Promise.resolve<OpenWatch>(() => {
        script.opened += 1;
        return Promise.resolve({ over: new Promise<string>((resolve) => (end = resolve)), close: () => Promise.resolve() });
      });
    },
  };
  return script;
}

test("a lost stream is opened again with back-off, and the gap is told when it is", async () => {
  const clock = createFakeClock(0);
  const script = scripted();
  const heard: ServerEvent[] = [];
  const stop = new AbortController();
  const done = keepListening({ clock, watches: script.watches, wants: { resources: [], lists: true }, hear: (event) => heard.push(event), signal: stop.signal });
  await clock.advance(1_000);
  expect(heard).toEqual([{ kind: "listening" }]);
  script.fail = true;
  script.lose("its stream was lost");
  await clock.advance(5_000);
  expect(heard).toHaveLength(1);
  script.fail = false;
  await clock.advance(30_000);
  expect(heard.slice(1)).toEqual([{ kind: "gap", from: 1_000, to: expect.any(Number) as number, why: "its stream was lost" }]);
  expect(script.opened).toBe(2);
  stop.abort();
  await done;
  expect(clock.sleepers).toBe(0);
});

test("a server that always loses its stream is not asked without a pause", async () => {
  const clock = createFakeClock(0);
  const script = scripted();
  const stop = new AbortController();
  const done = keepListening({ clock, watches: script.watches, wants: { resources: [], lists: true }, hear: () => script.lose("at once"), signal: stop.signal });
  await clock.advance(60_000);
  expect(script.opened).toBeLessThan(12);
  stop.abort();
  await done;
});
