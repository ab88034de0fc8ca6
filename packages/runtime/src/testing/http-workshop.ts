import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createMcpHandler, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";
import type { ServerConfig } from "../mcp/index.ts";
import { createWorkshop } from "./servers/create-workshop.ts";

/** How the workshop is served: the modern era, the legacy one with or without sessions, or over the older HTTP with one event stream. */
export type Serving = "modern" | "sessions" | "stateless" | "sse";

/** The workshop over HTTP, in this process. */
export interface HttpWorkshop {
  readonly config: ServerConfig;
  readonly url: string;
  /** The methods that came, in order. */
  readonly asked: readonly string[];
  /** The headers of the last request. */
  headers(): IncomingMessage["headers"];
  /** The id of the last request that had one. */
  id(): number | string | null;
  /** The `_meta` of the last request that had one. */
  meta(): unknown;
  /** Answers the next request that asks for `method` in the server's place; `after` lets the server do it first, and throws its answer away. */
  fault(method: string, answer: (response: ServerResponse) => void, after?: "after"): void;
  /** Resolves when the client closes the stream of a request for `method` before it is answered. */
  left(method: string): Promise<void>;
  /** Resolves when the next request for `method` has come. */
  came(method: string): Promise<void>;
  /** Forgets all sessions, as a server that was started anew does. */
  forget(): void;
  close(): Promise<void>;
}

type Handler = (request: Request) => Promise<Response>;

/** Starts one on loopback. */
export async function startHttpWorkshop(serving: Serving, config: Partial<Extract<ServerConfig, { kind: "http" }>> = {}): Promise<HttpWorkshop> {
  const asked: string[] = [];
  const faults: { method: string; answer: (response: ServerResponse) => void; after: boolean }[] = [];
  const sessions = sessionHandler();
  const modern = createMcpHandler(() => createWorkshop(), { legacy: serving === "stateless" ? "stateless" : "reject" });
  const serve: Handler = serving === "sessions" ? sessions.handle : (request) => modern.fetch(request);
  const sse = serving === "sse" ? sseHandler() : null;
  const leaving = createSignals();
  const coming = createSignals();
  let headers: IncomingMessage["headers"] = {};
  let id: number | string | null = null;
  let meta: unknown = null;
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await textOf(request);
    const method = methodOf(body) ?? `${request.method ?? ""} ${request.url ?? ""}`;
    asked.push(method);
    headers = request.headers;
    id = idOf(body) ?? id;
    meta = metaOf(body) ?? meta;
    response.once("close", () => response.writableFinished || leaving.tell(method));
    coming.tell(method);
    const fault = faults.findIndex((one) => one.method === method);
    const [found] = fault === -1 ? [] : faults.splice(fault, 1);
    if (found !== undefined && !found.after) return found.answer(response);
    if (sse !== null) return sse(request, body, response);
    if (found !== undefined) {
      await (await serve(webRequest(request, body, response))).text();
      return found.answer(response);
    }
    await getRequestListener(() => serve(webRequest(request, body, response)))(request, response);
  };
  const server: Server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  return {
    config: { name: "workshop", kind: "http", url, headers: {}, ...config },
    url, asked,
    headers: () => headers,
    id: () => id,
    meta: () => meta,
    fault: (method, answer, after) => void faults.push({ method, answer, after: after !== undefined }),
    left: (method) => leaving.next(method),
    came: (method) => coming.next(method),
    forget: () => sessions.forget(),
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

/** Tells those who wait for the next time. */
function createSignals(): { next(what: string): Promise<void>; tell(what: string): void } {
  const waiting = new Map<string, PromiseWithResolvers<void>>();
  return {
    next(what) {
      const next = waiting.get(what) ?? Promise.withResolvers<void>();
      waiting.set(what, next);
      return next.promise;
    },
    tell(what) {
      waiting.get(what)?.resolve();
      waiting.delete(what);
    },
  };
}

/** With a signal that tells when the client has closed the stream of its answer. */
function webRequest(request: IncomingMessage, body: string, response: ServerResponse): Request {
  const left = new AbortController();
  response.once("close", () => response.writableFinished || left.abort());
  const headers = new Headers(Object.entries(request.headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value] as [string, string]] : [])));
  return new Request(`http://127.0.0.1${request.url ?? ""}`, { method: request.method ?? "GET", headers, signal: left.signal, ...(body === "" ? {} : { body }) });
}

/** One server for each session, as the legacy era has them. */
function sessionHandler(): { readonly handle: Handler; forget(): void } {
  const sessions = new Map<string, WebStandardStreamableHTTPServerTransport>();
  return {
    async handle(request) {
      const known = sessions.get(request.headers.get("mcp-session-id") ?? "");
      if (known !== undefined) return known.handleRequest(request);
      if (request.headers.has("mcp-session-id")) return new Response("Session not found", { status: 404 });
      const transport = new WebStandardStreamableHTTPServerTransport({ sessionIdGenerator: randomUUID, onsessioninitialized: (id) => void sessions.set(id, transport) });
      await createWorkshop().connect(transport);
      return transport.handleRequest(request);
    },
    forget: () => sessions.clear(),
  };
}

/** HTTP with one event stream (2024-11-05): a GET opens it and is told where to post; answers come over it. Written out, since no maintained server speaks it. */
function sseHandler(): (request: IncomingMessage, body: string, response: ServerResponse) => Promise<void> {
  const handle = sessionHandler();
  let stream: ServerResponse | null = null;
  let session = "";
  return async (request, body, response) => {
    if (request.method === "GET") {
      stream = response;
      session = "";
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("event: endpoint\ndata: /messages?session=1\n\n");
      return;
    }
    if (request.url === "/mcp") return void response.writeHead(405).end();
    response.writeHead(202).end();
    const headers = { "content-type": "application/json", accept: "application/json, text/event-stream", ...(session === "" ? {} : { "mcp-session-id": session }) };
    const answer = await handle.handle(new Request("http://127.0.0.1/mcp", { method: "POST", headers, body }));
    session = answer.headers.get("mcp-session-id") ?? session;
    for (const line of (await answer.text()).split("\n")) if (line.startsWith("data: {")) stream?.write(`event: message\n${line}\n\n`);
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += String(part);
  return text;
}

function methodOf(body: string): string | null {
  return /"method":"([^"]+)"/.exec(body)?.[1] ?? null;
}

function metaOf(body: string): unknown {
  return body === "" ? null : (JSON.parse(body) as { readonly params?: { readonly _meta?: unknown } }).params?._meta;
}

function idOf(body: string): number | string | null {
  return body === "" ? null : ((JSON.parse(body) as { readonly id?: number | string }).id ?? null);
}
