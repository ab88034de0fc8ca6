import { afterAll, expect, test } from "vitest";
import { changingServer, createWatchedPool, workshopServer, askingServer } from "../testing/workshop.ts";
import type { ServerEvent } from "./events/server-event.ts";
import type { OfferReply } from "./offer.ts";
import type { CallProgress } from "./progress.ts";

// A server that changes while it is used, and what else it offers.

const { pool, lines } = createWatchedPool([changingServer(), workshopServer(), { ...askingServer(), era: "legacy" }]);
afterAll(() => pool.close());

const LIMIT = { timeoutMs: 25_000 };
async function call(tool: string, args: { readonly [name: string]: string } = {}): Promise<readonly string[]> {
  const reply = await (await pool.session("changing")).call(tool, args, LIMIT);
  return reply.kind === "result" ? (JSON.parse((reply.content[0] as { readonly text: string }).text) as string[]) : [];
}
async function read(uri: string): Promise<OfferReply> {
  return (await pool.session("changing")).offer({ kind: "resource", uri }, LIMIT);
}
const edition = (uri: string, number: number): OfferReply => ({ kind: "result", result: expect.objectContaining({ contents: [{ uri, text: `edition ${number}` }] }) as never });

/** Resolves with each event that is told, one by one. */
function events(server: string, resources: readonly string[], signal: AbortSignal): { next(): Promise<ServerEvent>; readonly done: Promise<void> } {
  const told: ServerEvent[] = [];
  const waiting: ((event: ServerEvent) => void)[] = [];
  const done = pool.listen(server, { resources, lists: false }, (event) => (waiting.shift() ?? ((one) => void told.push(one)))(event), signal);
  return { done, next: () => new Promise((resolve) => (told.length > 0 ? resolve(told.shift() as ServerEvent) : waiting.push(resolve))) };
}

test("its lists are read whole, once, and again after it said that they changed", async () => {
  const [first, again] = [await pool.catalogue("changing"), await pool.catalogue("changing")];
  expect(again).toBe(first);
  await call("grow");
  expect((await pool.catalogue("changing")).tools.map(({ name }) => name)).toEqual(["touch", "grow", "asked", "die", "tool-4"]);
  const offers = await pool.offers("changing");
  expect(offers).toEqual({ server: "changing", resources: [{ uri: "note://a", name: "a" }, { uri: "note://b", name: "b" }], templates: [{ uriTemplate: "note://{name}", name: "note" }], prompts: [{ name: "greet", arguments: [{ name: "who", required: true }] }], completes: true, tellsOfResources: true });
  expect(await pool.offers("changing")).toBe(offers);
});

test("a resource that it said would hold is read once, and again after any call", async () => {
  expect([await read("note://a"), await read("note://a"), await read("note://b"), await read("note://b")]).toEqual([edition("note://a", 1), edition("note://a", 1), edition("note://b", 1), edition("note://b", 1)]);
  expect((await call("touch", { uri: "note://a" })).filter((what) => what.startsWith("read"))).toEqual(["read note://a", "read note://b", "read note://b"]);
  expect(await read("note://a")).toEqual(edition("note://a", 2));
  // While a call is under way, too.
  const [, meanwhile] = await Promise.all([call("touch", { uri: "note://a" }), read("note://a")]);
  expect(meanwhile).toEqual(edition("note://a", 3));
});

test("it says how an argument may go on", async () => {
  const session = await pool.session("changing");
  expect(await session.complete({ of: { prompt: "greet" }, argument: "who", value: "a", known: { suffix: "!" } }, LIMIT)).toEqual({ kind: "values", values: ["ada!", "alan!"], more: true });
  expect(await (await pool.session("workshop")).complete({ of: { template: "x://{y}" }, argument: "y", value: "", known: {} }, LIMIT)).toMatchObject({ kind: "error", error: { code: "SERVER_PROTOCOL" } });
});

test("changes are told over the end of the server, with the gap in between", async () => {
  const stop = new AbortController();
  const { next, done } = events("changing", ["note://b"], stop.signal);
  expect(await next()).toEqual({ kind: "listening" });
  await call("touch", { uri: "note://b" });
  expect(await next()).toEqual({ kind: "resource-updated", uri: "note://b" });
  await call("die");
  expect(await next()).toMatchObject({ kind: "gap", why: expect.stringMatching(/"changing" ended with exit code 1|its stream was lost/) as string });
  await call("touch", { uri: "note://b" });
  expect(await next()).toEqual({ kind: "resource-updated", uri: "note://b" });
  stop.abort();
  await done;
});

test("a server that tells of nothing is refused, and one that is not there", async () => {
  await expect(events("workshop", ["shop://text"], new AbortController().signal).done).rejects.toMatchObject({ code: "LISTEN_UNSUPPORTED", message: expect.stringContaining("changes of its resources") as string });
  await expect(pool.listen("workshop", { resources: [], lists: true }, () => undefined, new AbortController().signal)).rejects.toMatchObject({ code: "LISTEN_UNSUPPORTED" });
  await expect(events("nobody", [], new AbortController().signal).done).rejects.toMatchObject({ code: "SERVER_UNKNOWN" });
});

test("how far a call is and what its server tells are heard by who wants to, without secrets", async () => {
  const told: CallProgress[] = [];
  const session = await pool.session("asking");
  expect(await session.call("steps", {}, { ...LIMIT, onProgress: (progress) => void told.push(progress) })).toMatchObject({ content: [{ text: '"watched"' }] });
  expect(told).toEqual([1, 2].map((done) => ({ done, total: 2, message: `step ${done} of [redacted TOKEN]` })));
  expect(await session.call("steps", {}, LIMIT)).toMatchObject({ content: [{ text: '"unwatched"' }] });
  expect(lines).toContain('asking: warning: {"text":"steps \\u001b[31m with [redacted TOKEN]"}');
});
