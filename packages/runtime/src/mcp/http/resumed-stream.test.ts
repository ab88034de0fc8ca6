import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { type EventStore, type JSONRPCMessage, Server, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";
import { expect, onTestFinished, test } from "vitest";
import { createWatchedPool } from "../../testing/workshop.ts";

/** Keeps all events of all streams. */
function createEventStore(): EventStore {
  const events: { readonly stream: string; readonly message: JSONRPCMessage }[] = [];
  return {
    storeEvent: async (stream, message) => String(events.push({ stream, message })),
    async replayEventsAfter(last, { send }) {
      const stream = events[Number(last) - 1]?.stream ?? "";
      for (const [index, one] of events.entries()) if (index >= Number(last) && one.stream === stream && "jsonrpc" in one.message) await send(String(index + 1), one.message);
      return stream;
    },
  };
}

/** A server that ends the stream of each call at once, and answers when the rest is asked for: `polled` how often it was. */
async function startLosingServer(): Promise<{ readonly url: string; readonly polled: () => number; next(): Promise<void> }> {
  const server = new Server({ name: "losing", version: "1.0.0" }, { capabilities: { tools: {} } });
  let polled = 0;
  let asked = Promise.withResolvers<void>();
  server.setRequestHandler("tools/list", () => ({ tools: [{ name: "work", inputSchema: { type: "object" } }] }));
  server.setRequestHandler("tools/call", async ({ params }, context) => {
    context.http?.closeSSE?.();
    if (params.arguments?.["ends"] === true) await asked.promise;
    else await new Promise(() => undefined);
    return { content: [{ type: "text", text: "done" }] };
  });
  const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: () => "s-1", eventStore: createEventStore(), retryInterval: 1 });
  await server.connect(transport);
  const listener = getRequestListener((request) => transport.handleRequest(request));
  const http = createServer((request: IncomingMessage, response) => {
    const isRest = request.method === "GET" && request.headers["last-event-id"] !== undefined;
    if (!isRest) return void listener(request, response);
    polled += 1;
    asked.resolve();
    asked = Promise.withResolvers();
    // The first time it has nothing to say.
    if (polled === 1) return void response.writeHead(200, { "content-type": "text/event-stream" }).end();
    void listener(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    http.close();
    http.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`, polled: () => polled, next: () => asked.promise };
}

test("an answer whose stream was lost is fetched; one that nobody waits for any more is not", async () => {
  const losing = await startLosingServer();
  const { pool } = createWatchedPool([{ name: "losing", kind: "http", url: losing.url, headers: {}, era: "legacy" }]);
  onTestFinished(() => pool.close());
  const session = await pool.session("losing");
  const stop = new AbortController();
  const given = session.call("work", {}, { timeoutMs: 25_000, signal: stop.signal });
  await losing.next();
  stop.abort();
  expect(await given).toMatchObject({ kind: "error", sent: true, error: { code: "CANCELLED" } });
  const before = losing.polled();
  // Its stream is lost later than the other one was: had that been asked for again, it would be by now.
  expect(await session.call("work", { ends: true }, { timeoutMs: 25_000 })).toMatchObject({ content: [{ text: "done" }] });
  expect(losing.polled()).toBe(before + 1);
});
