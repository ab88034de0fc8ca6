import type { JSONRPCMessage } from "@modelcontextprotocol/client";
import { describe, expect, test } from "vitest";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { createMessageShelf } from "./message-shelf.ts";
import { readMessages } from "./read-messages.ts";

const clock = createFakeClock();
const URL_ = "http://shop.example/mcp";
const asking = (id: number): RequestInit => ({ method: "POST", body: JSON.stringify({ method: "tools/call", params: {}, jsonrpc: "2.0", id }) });
const givingUp = (requestId: number): RequestInit => ({ method: "POST", body: JSON.stringify({ jsonrpc: "2.0", method: "notifications/cancelled", params: { requestId } }) });
const restBehind = (id: string): RequestInit => ({ method: "GET", headers: { "last-event-id": id } });
const events = (text: string): Response => new Response(text, { headers: { "content-type": "text/event-stream" } });
const answer = (id: number): string => `data: ${JSON.stringify({ jsonrpc: "2.0", id, result: {} })}\n\n`;

/** What goes through to a server that answers in this order, and what is handed on without a stream. */
function reading(...answers: readonly (Response | ((init: RequestInit) => Promise<Response>))[]): { readonly fetch: (init: RequestInit) => Promise<Response>; readonly sent: RequestInit[]; readonly delivered: JSONRPCMessage[] } {
  const left = [...answers];
  const sent: RequestInit[] = [];
  const delivered: JSONRPCMessage[] = [];
  const send = async (_: unknown, init?: RequestInit): Promise<Response> => {
    sent.push(init ?? {});
    const next = left.shift() ?? new Response(null, { status: 202 });
    return next instanceof Response ? next : next(init ?? {});
  };
  const fetch = readMessages(send, { clock, shelf: createMessageShelf(), passes: (message) => !("method" in message), maxBytes: 1_000, resumptions: 3, deliver: (message) => void delivered.push(message) });
  return { fetch: (init) => Promise.resolve(fetch(URL_, init)), sent, delivered };
}

/** Never answers; ends when the request's signal says so. */
const silent = (init: RequestInit): Promise<Response> => new Promise((_, reject) => init.signal?.addEventListener("abort", () => reject(init.signal?.reason as Error)));
const open = (init: RequestInit): Promise<Response> => Promise.resolve(new Response(new ReadableStream({ start: (controller) => init.signal?.addEventListener("abort", () => controller.error(init.signal?.reason)) }), { headers: { "content-type": "text/event-stream" } }));

describe("the rest of a lost stream", () => {
  test("is not fetched when its call was given up between two streams: the SDK is told to stop, and the server hears nothing", async () => {
    const { fetch, sent, delivered } = reading(events("id: e-1\ndata:\n\n"));
    await (await fetch(asking(7))).text();
    await fetch(givingUp(7));
    expect((await fetch(restBehind("e-1"))).status).toBe(405);
    expect(sent.map(({ method }) => method)).toEqual(["POST", "POST"]);
    expect(delivered).toEqual([]);
  });

  test("is not fetched any further when its call is given up while it comes", async () => {
    const { fetch } = reading(events("id: e-1\ndata:\n\n"), open);
    await (await fetch(asking(7))).text();
    const rest = (await fetch(restBehind("e-1"))).text();
    await fetch(givingUp(7));
    expect(await rest).toContain(`"id":7,"error"`);
  });

  test("ends with its call, whenever the stream before it is let go", async () => {
    const { fetch } = reading(events("id: e-1\ndata:\n\n"), open);
    const lost = (await fetch(asking(7))).body?.getReader();
    await lost?.read();
    const rest = (await fetch(restBehind("e-1"))).text();
    await lost?.cancel();
    await fetch(givingUp(7));
    expect(await rest).toContain(`"id":7,"error"`);
  });

  test("is not fetched again when its call is given up before it comes", async () => {
    const { fetch, sent, delivered } = reading(events("id: e-1\ndata:\n\n"), silent);
    await (await fetch(asking(7))).text();
    const rest = fetch(restBehind("e-1")).catch(() => "failed");
    await fetch(givingUp(7));
    expect(await rest).toBe("failed");
    expect((await fetch(restBehind("e-1"))).status).toBe(405);
    expect(sent).toHaveLength(3);
    expect(delivered).toEqual([]);
  });

  test("stays the rest of that answer when it ended before it brought anything", async () => {
    const { fetch, sent } = reading(events("id: e-1\ndata:\n\n"), events(""), events(answer(7)));
    await (await fetch(asking(7))).text();
    expect(await (await fetch(restBehind("e-1"))).text()).toBe("id: e-1\ndata:\n\n");
    expect(await (await fetch(restBehind("e-1"))).text()).toContain(`"id":7,"result"`);
    expect(sent).toHaveLength(3);
  });

  test("goes on behind what was left out of it", async () => {
    const { fetch } = reading(events(`id: e-1\ndata: {"jsonrpc":"2.0","method":"notifications/message"}\n\n`));
    expect(await (await fetch(asking(7))).text()).toBe("id: e-1\ndata:\n\n");
  });

  test("is not to be had where the server gives its events no id: the call ends", async () => {
    const { fetch } = reading(events("id:\ndata:\n\n"));
    expect(await (await fetch(asking(7))).text()).toContain("the connection ended before the answer");
  });

  test.each([[1, 300], [5_000, 5_000], [3_000_000_000, 30_000]])("is asked for neither at once nor never: a server that says %i ms gets %i", async (said, becomes) => {
    const { fetch } = reading(events(`retry: ${said}\nid: e-1\ndata:\n\n`));
    expect(await (await fetch(asking(7))).text()).toContain(`retry: ${becomes}\n`);
  });

  test.each<[string, readonly Response[]]>([
    ["three failures", [503, 503, 503].map((status) => new Response(null, { status }))],
    ["a server that has none", [new Response(null, { status: 405 })]],
  ])("is told to be lost once, after %s", async (_, failures) => {
    const { fetch, delivered } = reading(events("id: e-1\ndata:\n\n"), ...failures, ...[503, 503, 503].map((status) => new Response(null, { status })));
    await (await fetch(asking(7))).text();
    for (const { status } of failures) expect((await fetch(restBehind("e-1"))).status).toBe(status);
    expect(delivered).toMatchObject([{ id: 7, error: { message: expect.stringContaining("could not be fetched") as string } }]);
    for (let times = 0; times < 3; times++) await fetch(restBehind("e-1"));
    expect(delivered).toHaveLength(1);
  });
});

test("a call that was given up is let go after a while, when its server does not take that it was told", async () => {
  const { fetch, sent } = reading(silent, silent);
  const call = fetch(asking(7)).catch(() => "let go");
  const told = fetch(givingUp(7));
  await clock.advance(4_999);
  expect(sent.map(({ signal }) => signal?.aborted)).toEqual([false, false]);
  await clock.advance(1);
  expect([await call, (await told).status]).toEqual(["let go", 202]);
});
