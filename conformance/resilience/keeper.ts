import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createInterface } from "node:readline";
import { setTimeout as wait } from "node:timers/promises";

/**
 * A server that keeps what it was told in a file: one line for each write, by one system call, so that a kill loses none and the
 * file is the truth. `node keeper.ts FILE` speaks on stdio, `node keeper.ts FILE PORT` over HTTP with sessions, and without them
 * in the modern era. Written without a library, so that
 * it starts fast enough to be killed a hundred times. It takes its time before a write and before its answer: that is where kills shall hit.
 */
interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params?: { readonly name?: string; readonly protocolVersion?: string; readonly arguments?: { readonly a?: number; readonly b?: number; readonly text?: string } };
}

const [file = "", port] = process.argv.slice(2);
const PAUSE_MS = 12;
const MODERN = "2026-07-28";
const UNCACHED = { ttlMs: 0, cacheScope: "private" };
const pause = (): Promise<void> => wait(Math.random() * PAUSE_MS);
const TOOLS = ["add", "echo", "find"].map((name) => ({ name, inputSchema: { type: "object" } }));

async function answer({ id, method, params }: Message): Promise<object | null> {
  if (id === undefined) return null;
  const result = (value: object): object => ({ jsonrpc: "2.0", id, result: { resultType: "complete", ...value } });
  switch (method) {
    case "initialize":
      return result({ protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: "keeper", version: "1.0.0" } });
    case "server/discover":
      return result({ supportedVersions: [MODERN], capabilities: { tools: {} }, serverInfo: { name: "keeper", version: "1.0.0" }, ...UNCACHED });
    case "tools/list":
      return result({ tools: TOOLS, ...UNCACHED });
    case "tools/call": {
      const { a = 0, b = 0, text = "" } = params?.arguments ?? {};
      await pause();
      if (params?.name === "add") return result({ content: [{ type: "text", text: String(a + b) }] });
      if (params?.name === "find") return result({ content: [], structuredContent: { found: existsSync(file) && readFileSync(file, "utf8").split("\n").includes(text) } });
      appendFileSync(file, `${text}\n`);
      await pause();
      return result({ content: [], structuredContent: { text } });
    }
    default:
      return { jsonrpc: "2.0", id, error: { code: -32_601, message: `no method ${method}` } };
  }
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "POST") return void response.writeHead(request.method === "DELETE" ? 200 : 405).end();
  let body = "";
  for await (const part of request) body += String(part);
  const message = JSON.parse(body) as Message;
  const session = String(process.pid);
  const hasSessions = request.headers["mcp-protocol-version"] !== MODERN;
  if (hasSessions && message.method !== "initialize" && request.headers["mcp-session-id"] !== session) return void response.writeHead(404).end("no such session");
  const reply = await answer(message);
  if (reply === null) return void response.writeHead(202).end();
  response.writeHead(200, { "content-type": "application/json", ...(hasSessions ? { "mcp-session-id": session } : {}) }).end(JSON.stringify(reply));
}

if (port === undefined) {
  createInterface({ input: process.stdin }).on("line", (line) => void answer(JSON.parse(line) as Message).then((reply) => reply !== null && process.stdout.write(`${JSON.stringify(reply)}\n`)));
  writeFileSync(`${file}.pid`, String(process.pid));
} else {
  createServer((request, response) => void serve(request, response)).listen(Number(port), "127.0.0.1", () => writeFileSync(`${file}.pid`, String(process.pid)));
}
