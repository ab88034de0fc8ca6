import type { AuthInfo } from "@modelcontextprotocol/server";
import { McpServer } from "@modelcontextprotocol/server";
import { expect, test } from "vitest";
import { createLegacySessions } from "./legacy-sessions.ts";

const MOST = 20;
const as = (clientId: string): AuthInfo => ({ token: "", clientId, scopes: [] });
const request = (message: object, session?: string): Request => new Request("http://offstage.test/mcp", {
  method: "POST", body: JSON.stringify({ jsonrpc: "2.0", ...message }),
  headers: { "content-type": "application/json", accept: "application/json, text/event-stream", ...(session === undefined ? {} : { "mcp-session-id": session }) },
});
const INITIALIZE = { id: 0, method: "initialize", params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "c", version: "1" } } };

function open(): { begin(caller: string): Promise<Response>; call(caller: string, session: string, tool: string): Promise<Response>; end(): void } {
  const end = Promise.withResolvers<void>();
  const sessions = createLegacySessions(() => {
    const server = new McpServer({ name: "s", version: "1" }, { capabilities: { tools: {} } });
    server.registerTool("wait", {}, async () => end.promise.then(() => ({ content: [] })));
    server.registerTool("at-once", {}, async () => ({ content: [] }));
    return server;
  }, () => undefined);
  return {
    async begin(caller) {
      const response = await sessions.answer(request(INITIALIZE), as(caller));
      await response.clone().text();
      return response;
    },
    call: (caller, session, name) => sessions.answer(request({ id: 1, method: "tools/call", params: { name, arguments: {} } }, session), as(caller)),
    end: () => end.resolve(),
  };
}

const idOf = (response: Response): string => response.headers.get("mcp-session-id") ?? "";

test("the many sessions of one caller end none of another's", async () => {
  const world = open();
  const ada = idOf(await world.begin("ada"));
  const first = idOf(await world.begin("bob"));
  for (let count = 0; count < 5 * MOST; count += 1) await world.begin("bob");
  expect([(await world.call("ada", ada, "at-once")).status, (await world.call("bob", first, "at-once")).status]).toEqual([200, 404]);
});

test("a session that waits for an answer is not the one that is ended, until it has it or goes away", async () => {
  const world = open();
  const [asked, idle, left] = [idOf(await world.begin("ada")), idOf(await world.begin("ada")), idOf(await world.begin("ada"))];
  const asking = await world.call("ada", asked, "wait");
  const leaving = await world.call("ada", left, "wait");
  for (let count = 3; count <= MOST; count += 1) await world.begin("ada");
  expect((await world.call("ada", idle, "at-once")).status).toBe(404);
  await leaving.body?.cancel();
  for (let count = 0; count < MOST; count += 1) await world.begin("ada");
  expect((await world.call("ada", left, "at-once")).status).toBe(404);
  world.end();
  expect(await asking.text()).toContain('"result"');
  for (let count = 0; count < MOST; count += 1) await world.begin("ada");
  expect((await world.call("ada", asked, "at-once")).status).toBe(404);
});

test("where each of a caller's sessions waits for an answer, another one is told to come later", async () => {
  const world = open();
  const all = await Promise.all(Array.from({ length: MOST }, () => world.begin("ada")));
  const asking = await Promise.all(all.map((one) => world.call("ada", idOf(one), "wait")));
  expect([(await world.begin("ada")).status, (await world.begin("bob")).status]).toEqual([429, 200]);
  world.end();
  await Promise.all(asking.map((one) => one.text()));
  expect((await world.begin("ada")).status).toBe(200);
});
