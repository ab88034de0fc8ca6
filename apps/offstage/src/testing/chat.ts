import { Client, type ElicitRequestFormParams, type ElicitResult, StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { COMMAND_BIN } from "./command-process.ts";

/** A chat client without a model: what a test calls, over the real stdio transport of `offstage mcp`. */
export interface Chat {
  readonly client: Client;
  /** What the person was asked, in order. */
  readonly asked: readonly string[];
  call(tool: string, args?: Readonly<Record<string, unknown>>): Promise<ChatReply>;
  close(): Promise<void>;
  /** The process that serves it; 0 over HTTP. */
  readonly pid: number;
  /** Kills it, at once. */
  kill(): void;
  /** Tells it to end. */
  terminate(): void;
}

/** What a model reads of a call. */
export interface ChatReply {
  readonly text: string;
  readonly failed: boolean;
}

/** How a chat is held. */
export interface ChatOptions {
  readonly era?: "legacy" | "modern";
  /** What the person says to what they are asked; null: the client cannot ask. */
  readonly person?: ((message: string) => ElicitResult | Promise<ElicitResult>) | null;
  readonly env?: Readonly<Record<string, string>>;
  /** The client shows views (MCP Apps). */
  readonly views?: boolean;
}


/** What a person says who agrees to everything. */
export const YES: ElicitResult = { action: "accept", content: { answer: "yes" } };

/** And who does not. */
export const NO: ElicitResult = { action: "accept", content: { answer: "no" } };

/** Starts `offstage mcp` for a project, and speaks with it. */
export async function startChat(folder: string, { env = {}, ...options }: ChatOptions = {}): Promise<Chat> {
  const transport = new StdioClientTransport({ command: process.execPath, args: [COMMAND_BIN, "mcp", "--project", folder], env: { PATH: process.env["PATH"] ?? "", ...env }, cwd: "/", stderr: "inherit" });
  const chat = await chatOver(transport, options);
  const pid = transport.pid ?? 0;
  return { ...chat, pid, kill: () => void process.kill(pid, "SIGKILL"), terminate: () => void process.kill(pid, "SIGTERM") };
}

/** Speaks with a service over streamable HTTP. */
export function startChatOver(url: string, { token, ...options }: ChatOptions & { readonly token: string }): Promise<Chat> {
  return chatOver(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: `Bearer ${token}` } } }), options);
}

async function chatOver(transport: Transport, { era = "modern", person = null, views = false }: ChatOptions): Promise<Chat> {
  const asked: string[] = [];
  const client = new Client({ name: "scripted", version: "1.0.0" }, { capabilities: { ...(person === null ? {} : { elicitation: { form: {} } }), ...(views ? { extensions: { "io.modelcontextprotocol/ui": { mimeTypes: ["text/html;profile=mcp-app"] } } } : {}) }, versionNegotiation: era === "modern" ? { mode: { pin: "2026-07-28" } } : { mode: "legacy" } });
  if (person !== null) {
    client.setRequestHandler("elicitation/create", (request) => {
      const { message } = request.params as ElicitRequestFormParams;
      asked.push(message);
      return person(message);
    });
  }
  await client.connect(transport);
  return {
    client, asked,
    async call(name, args = {}) {
      const { content, isError } = await client.callTool({ name, arguments: { ...args } }, { timeout: 60_000 });
      return { text: content.map((part) => (part.type === "text" ? part.text : `[${part.type}]`)).join("\n"), failed: isError === true };
    },
    close: () => client.close(),
    pid: 0, kill: () => undefined, terminate: () => undefined,
  };
}
