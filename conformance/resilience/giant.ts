import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { createInterface } from "node:readline";

/**
 * A server whose tools flood, overwhelm and confuse whoever asks; `node giant.ts` on stdio, `node giant.ts PORT` over HTTP (a message of an event stream
 * each). Without a library, so that each fault is exactly what is written here.
 */
interface Message {
  readonly id?: number;
  readonly method: string;
  readonly params?: { readonly name?: string; readonly cursor?: string };
}
type Write = (text: string) => Promise<void>;

const MIB = 1024 * 1024;
const port = process.argv[2];
const mode = process.argv[3] ?? "";
const result = (id: number | undefined, value: object): string => JSON.stringify({ jsonrpc: "2.0", id, result: value });
const answer = (id: number | undefined, text = "well"): string => result(id, { content: [{ type: "text", text }] });
const begin = (id: number | undefined): string => `{"jsonrpc":"2.0","id":${id},"result":{"content":[{"type":"text","text":"`;

/** Each writes whole messages by `send`, or raw bytes by `raw`. */
const tools: { readonly [name: string]: (id: number | undefined, send: Write, raw: Write) => Promise<void> } = {
  well: (id, send) => send(answer(id)),
  async "result of 100 MiB"(id, _send, raw) {
    await raw(begin(id));
    for (let part = 0; part < 100; part++) await raw("x".repeat(MIB));
    await raw('"}]}}');
  },
  async "result without end"(id, _send, raw) {
    await raw(begin(id));
    for (let part = 0; part < 2_000; part++) await raw("x".repeat(MIB));
  },
  async "invalid UTF-8"(id, _send, raw) {
    await raw(`${begin(id)}a`);
    await raw("\u0000invalid\u0000");
    await raw('b"}]}}');
  },
  async "1,000,000 notifications"(id, send) {
    const block = Array.from({ length: 1_000 }, (_, i) => JSON.stringify({ jsonrpc: "2.0", method: "notifications/message", params: { level: "info", data: `noise ${i}` } }));
    for (let written = 0; written < 1_000_000; written += 1_000) await send(block.join("\n"));
    await send(answer(id));
  },
  async "20,000 changed lists"(id, send) {
    const block = Array.from({ length: 1_000 }, () => JSON.stringify({ jsonrpc: "2.0", method: "notifications/tools/list_changed" }));
    for (let written = 0; written < 20_000; written += 1_000) await send(block.join("\n"));
    await send(answer(id));
  },
  async "100 MiB of stderr"(id, send) {
    for (let part = 0; part < 100; part++) if (!process.stderr.write(`${"e".repeat(1_023)}\n`.repeat(1_024))) await once(process.stderr, "drain");
    await send(answer(id));
  },
  "deep nesting": (id, send) => send(`{"jsonrpc":"2.0","id":${id},"result":{"content":[],"structuredContent":{"deep":${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}}}}`),
  "an unknown id": async (id, send) => { await send(answer(987_654)); await send(answer(id)); },
  "two answers": async (id, send) => { await send(answer(id, "first")); await send(answer(id, "second")); },
  "half a line": (id, _send, raw) => raw(begin(id)),
};

async function reply({ id, method, params }: Message, send: Write, raw: Write): Promise<void> {
  if (id === undefined) return;
  if (method === "initialize") return send(result(id, { protocolVersion: "2025-11-25", capabilities: { tools: { listChanged: true }, logging: {} }, serverInfo: { name: "giant", version: "1" } }));
  if (method === "tools/call") return (tools[params?.name ?? ""] ?? tools["well"])?.(id, send, raw);
  if (method !== "tools/list") return send(JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32_601, message: "no such method" } }));
  const page = Number(params?.cursor ?? "0");
  if (mode === "10,000 tools") return send(result(id, { tools: Array.from({ length: 10_000 }, (_, i) => ({ name: `tool_${i}`, description: "d".repeat(200), inputSchema: { type: "object" } })) }));
  if (mode === "pages without end") return send(result(id, { tools: Array.from({ length: 5_000 }, (_, i) => ({ name: `tool_${page}_${i}`, description: "d".repeat(1_000), inputSchema: { type: "object" } })), nextCursor: String(page + 1) }));
  if (mode === "list of 100 MiB") {
    await raw(`{"jsonrpc":"2.0","id":${id},"result":{"tools":[{"name":"big","inputSchema":{"type":"object"},"description":"`);
    for (let part = 0; part < 100; part++) await raw("x".repeat(MIB));
    return raw('"}]}}');
  }
  return send(result(id, { tools: Object.keys(tools).map((name) => ({ name, inputSchema: { type: "object" } })) }));
}

/** The one word that is not UTF-8. */
const bytesOf = (text: string): Buffer => (text === "\u0000invalid\u0000" ? Buffer.from([0xff, 0xfe, 0xc0, 0x80]) : Buffer.from(text));

function overStdio(): void {
  const raw: Write = async (text) => {
    if (!process.stdout.write(bytesOf(text))) await once(process.stdout, "drain");
  };
  createInterface({ input: process.stdin }).on("line", (line) => {
    const message = JSON.parse(line) as Message;
    let wasRaw = false;
    void reply(message, (text) => raw(`${text}\n`), (text) => ((wasRaw = true), raw(text))).then(async () => {
      if (wasRaw && message.params?.name !== "half a line") await raw("\n");
    });
  });
}

function overHttp(): void {
  const server = createServer((request, response) => {
    void (async () => {
      let body = "";
      for await (const part of request) body += String(part);
      if (request.method !== "POST") return void response.writeHead(405).end();
      const message = JSON.parse(body) as Message;
      if (message.id === undefined) return void response.writeHead(202).end();
      if (message.params?.name === "huge headers") return void response.writeHead(200, { "content-type": "application/json", "x-huge": "h".repeat(10 * MIB) }).end(answer(message.id));
      response.writeHead(200, { "content-type": "text/event-stream" });
      await stream(message, response);
    })().catch(() => response.destroy());
  });
  server.listen(Number(port), "127.0.0.1", () => process.stdout.write("listening\n"));
}

async function stream(message: Message, response: ServerResponse): Promise<void> {
  const raw: Write = async (text) => {
    if (!response.write(bytesOf(text))) await Promise.race([once(response, "drain"), once(response, "close")]);
    if (response.destroyed) throw new Error("nobody reads any more");
  };
  let began = false;
  await reply(message, (text) => raw(`${text.split("\n").map((one) => `data: ${one}\n\n`).join("")}`), (text) => raw(began ? text : ((began = true), `data: ${text}`)));
  if (message.params?.name === "half a line") return;
  response.end(began ? "\n\n" : "");
}

if (port === undefined || port === "stdio") overStdio();
else overHttp();
