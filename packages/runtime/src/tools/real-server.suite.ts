import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { RawTool } from "./catalogue.ts";

/** What a profile's rules see of one answer. */
export interface SeenReply {
  readonly text: string;
  readonly data: unknown;
  readonly isError: boolean;
}

/** A real MCP server in a process of its own, spoken to line by line: profiles are proven on what it really says. */
export interface RealServer {
  tools(): Promise<readonly NamedTool[]>;
  call(tool: string, args: object): Promise<SeenReply>;
  stop(): void;
}

type NamedTool = RawTool & { readonly name: string };

interface Answer {
  readonly id?: number;
  readonly result?: { readonly tools?: readonly NamedTool[]; readonly content?: readonly { readonly text?: string }[]; readonly structuredContent?: unknown; readonly isError?: boolean };
  readonly error?: { readonly message: string };
}

/** Starts `entry` of an installed package. `preload` is JavaScript that runs before it. */
export async function startRealServer(entry: string, env: { readonly [name: string]: string }, preload = ""): Promise<RealServer> {
  const script = fileURLToPath(new URL(`../../../../node_modules/${entry}`, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(preload)}`, script], { env: { ...env, PATH: process.env["PATH"] }, stdio: ["pipe", "pipe", "ignore"] });
  const waiting = new Map<number, (answer: Answer) => void>();
  if (child.stdout === null || child.stdin === null) throw new Error("no pipes");
  const { stdin } = child;
  createInterface({ input: child.stdout }).on("line", (line) => {
    const answer = JSON.parse(line) as Answer;
    waiting.get(answer.id ?? -1)?.(answer);
  });
  let last = 0;
  const request = (method: string, params: object): Promise<Answer> => new Promise((resolve) => {
    waiting.set(++last, resolve);
    stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: last, method, params })}\n`);
  });
  await request("initialize", { protocolVersion: "2025-03-26", capabilities: {}, clientInfo: { name: "test", version: "1" } });
  stdin.write(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`);
  return {
    tools: async () => (await request("tools/list", {})).result?.tools ?? [],
    call: async (name, args) => {
      const { result, error } = await request("tools/call", { name, arguments: args });
      if (result === undefined) return { text: error?.message ?? "", data: null, isError: true };
      const text = (result.content ?? []).map((block) => block.text ?? "").join("\n");
      return { text, data: result.structuredContent ?? null, isError: result.isError === true };
    },
    stop: () => void child.kill("SIGKILL"),
  };
}
