import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { expect, test } from "vitest";
import { createAsking } from "../../testing/servers/create-asking.ts";
import { createWatchedPool } from "../../testing/workshop.ts";

test("a call whose server cannot be reached any more when its question is answered counts as sent: what the server did before it asked, nobody knows", async () => {
  const handler = createMcpHandler(createAsking, { legacy: "reject" });
  const http = createServer();
  // The next request needs a connection of its own.
  http.on("request", (_request, response) => response.setHeader("connection", "close"));
  http.on("request", getRequestListener((request) => handler.fetch(request)) as never);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const down = async (): Promise<null> => {
    const closed = new Promise((resolve) => http.close(resolve));
    http.closeAllConnections();
    await closed;
    return null;
  };
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
  const { pool } = createWatchedPool([{ name: "asking", kind: "http", url, headers: {} }], { requests: () => ({ elicitation: { kind: "ask", ask: down }, sampling: null, roots: [] }) });
  const session = await pool.session("asking");
  expect(await session.call("form", {}, { timeoutMs: 25_000 })).toMatchObject({ kind: "error", sent: true, error: { code: "SERVER_UNREACHABLE" } });
  await pool.close();
});
