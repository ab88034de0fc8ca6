import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createMcpHandler, Server, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";
import type { ServerConfig } from "../mcp/index.ts";

/** A server over HTTP that tells of changes, in this process. */
export interface HttpChanging {
  readonly config: ServerConfig;
  /** A resource changes. */
  touch(uri: string): Promise<void>;
  /** The list of tools grows. */
  grow(): Promise<void>;
  /** Cuts every stream that is open. */
  cut(): void;
  /** Cuts them and forgets all sessions, as a server that is started anew does. */
  restart(): void;
  close(): Promise<void>;
}

const NOTES = ["note://a", "note://b"];

/** Starts one on loopback, in the modern era or in the legacy one with sessions. */
export async function startHttpChanging(serving: "modern" | "sessions"): Promise<HttpChanging> {
  let tools = 1;
  const sessions = new Map<string, { readonly transport: WebStandardStreamableHTTPServerTransport; readonly server: Server }>();
  const make = (): Server => {
    const server = new Server({ name: "changing", version: "1.0.0" }, { capabilities: { tools: { listChanged: true }, resources: { subscribe: true } } });
    server.setRequestHandler("tools/list", () => ({ tools: Array.from({ length: tools }, (_, index) => ({ name: `tool-${index}`, inputSchema: { type: "object" as const } })) }));
    server.setRequestHandler("resources/list", () => ({ resources: NOTES.map((uri) => ({ uri, name: uri })) }));
    server.setRequestHandler("resources/subscribe", () => ({}));
    server.setRequestHandler("resources/unsubscribe", () => ({}));
    return server;
  };
  const modern = createMcpHandler(make, { legacy: "reject" });
  const legacy = async (request: Request): Promise<Response> => {
    const known = sessions.get(request.headers.get("mcp-session-id") ?? "");
    if (known !== undefined) return known.transport.handleRequest(request);
    if (request.headers.has("mcp-session-id")) return new Response("Session not found", { status: 404 });
    const server = make();
    const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: randomUUID, onsessioninitialized: (id) => void sessions.set(id, { transport, server }) });
    await server.connect(transport);
    return transport.handleRequest(request);
  };
  const http = createServer(getRequestListener((request) => (serving === "modern" ? modern.fetch(request) : legacy(request))) as never);
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const cut = (): void => http.closeAllConnections();
  return {
    config: { name: "changing", kind: "http", url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`, headers: {} },
    async touch(uri) {
      modern.notify.resourceUpdated(uri);
      await Promise.all([...sessions.values()].map(({ server }) => server.sendResourceUpdated({ uri })));
    },
    async grow() {
      tools += 1;
      modern.notify.toolsChanged();
      await Promise.all([...sessions.values()].map(({ server }) => server.sendToolListChanged()));
    },
    cut,
    restart() {
      sessions.clear();
      cut();
    },
    close: () => new Promise((resolve) => {
      http.close(() => resolve());
      cut();
    }),
  };
}
