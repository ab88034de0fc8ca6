import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** A real TypeScript server over stdio, as an editor starts one. */
export interface TsServer {
  /** Asks, and waits for the answer's body. */
  request(command: string, args: object): Promise<unknown>;
  /** Tells, without an answer. */
  notify(command: string, args: object): void;
  /** The body of the next event of that name for which `fits` holds, also of those that have come already. */
  event(name: string, fits?: (body: never) => boolean): Promise<unknown>;
  close(): Promise<void>;
}

interface Message {
  readonly type: "event" | "response";
  readonly event?: string;
  readonly request_seq?: number;
  readonly success?: boolean;
  readonly message?: string;
  readonly body?: unknown;
}

/** Starts TypeScript 6's server, which finds the plugin beside the repository's packages. */
export function startTsServer(folder: string): TsServer {
  const server = createRequire(new URL("../../../../packages/runtime/package.json", import.meta.url)).resolve("typescript/lib/tsserver.js");
  const root = fileURLToPath(new URL("../../../../", import.meta.url));
  const child = spawn(process.execPath, [server, "--pluginProbeLocations", root, "--disableAutomaticTypingAcquisition"], { cwd: folder, stdio: ["pipe", "pipe", "ignore"], env: { PATH: process.env["PATH"] } });
  const inbox: Message[] = [];
  const waiting = new Set<() => void>();
  readMessages(child, (message) => {
    inbox.push(message);
    for (const look of waiting) look();
  });
  let seq = 0;
  const take = (fits: (message: Message) => boolean): Promise<Message> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const index = inbox.findIndex(fits);
        if (index < 0) return;
        waiting.delete(look);
        resolve(inbox.splice(index, 1)[0] as Message);
      };
      waiting.add(look);
      child.once("exit", () => reject(new Error("the TypeScript server ended")));
      look();
    });
  const send = (command: string, args: object): number => {
    seq += 1;
    child.stdin?.write(`${JSON.stringify({ seq, type: "request", command, arguments: args })}\n`);
    return seq;
  };
  return {
    async request(command, args) {
      const sent = send(command, args);
      const answer = await take((message) => message.type === "response" && message.request_seq === sent);
      if (answer.success !== true) throw new Error(answer.message ?? command);
      return answer.body;
    },
    notify: (command, args) => void send(command, args),
    event: async (name, fits = () => true) => (await take((message) => message.type === "event" && message.event === name && fits(message.body as never))).body,
    async close() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      send("exit", {});
      await ended;
    },
  };
}

/** Messages come with their length in bytes before them. */
function readMessages(child: ChildProcess, got: (message: Message) => void): void {
  let buffer = Buffer.alloc(0);
  child.stdout?.on("data", (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const header = /^Content-Length: (\d+)\r?\n\r?\n/.exec(buffer.subarray(0, 64).toString("latin1"));
      const end = (header?.[0].length ?? 0) + Number(header?.[1] ?? Number.NaN);
      if (header === null || buffer.length < end) return;
      got(JSON.parse(buffer.subarray(header[0].length, end).toString("utf8")) as Message);
      buffer = buffer.subarray(end);
      // A line end stands behind each.
      while (buffer[0] === 10 || buffer[0] === 13) buffer = buffer.subarray(1);
    }
  });
}
