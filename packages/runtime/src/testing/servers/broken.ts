import { createInterface } from "node:readline";

/**
 * Servers that do it wrong, one per mode (`node broken.ts late`); without any library, so that each fault is exactly what
 * is written here.
 */
interface Message {
  readonly id: number;
  readonly method: string;
  readonly params: { readonly name?: string; readonly requestId?: number; readonly cursor?: string; readonly _meta?: { readonly progressToken?: unknown } };
}
type Mode = { readonly start?: () => unknown } & { readonly [method: string]: (message: Message) => unknown };

const write = (message: object): unknown => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
const hello = { protocolVersion: "2025-11-25", capabilities: { tools: {} }, serverInfo: { name: "broken", version: "0" } };
const modes: { readonly [name: string]: Mode } = {
  /** Greets on stdout, then works. */
  greets: {
    start: () => process.stdout.write("Welcome to the server!\n\n{\"level\":\"info\"}\n[1,2]\n{ not json\n"),
    "tools/call": ({ id }) => write({ id, result: { content: [{ type: "text", text: "well" }] } }),
  },
  /** Prints its help and goes on. */
  garbage: { start: () => process.stdout.write(`Usage: server [options] ${"x".repeat(500)}\n`), initialize: () => undefined },
  /** Prints without end. */
  babbles: { start: () => setInterval(() => process.stdout.write("bla bla\n".repeat(100)), 5), initialize: () => undefined },
  /** Prints its help and exits well. */
  help: { start: () => process.stdout.write("Usage: server [options]\n", () => process.exit(0)) },
  /** One line larger than any limit. */
  "endless-line": { start: () => process.stdout.write("y".repeat(3_000_000)), initialize: () => undefined },
  /** Exits at once, with a reason on stderr that holds a secret. */
  exits: { start: () => process.stderr.write("Error: token swordfish-1234 is not valid\n", () => process.exit(3)) },
  /** Gives up as Node does: source line, stack trace and version around the one line that tells why. */
  crashes: { start: () => setImmediate(() => { throw new Error("JIRA_URL is missing"); }), initialize: () => undefined },
  /** Never answers, and ignores the end of its input and SIGTERM. */
  hangs: { start: () => (process.on("SIGTERM", () => undefined), setInterval(() => undefined, 1000)), initialize: () => undefined },
  /** Ends at any request before `initialize`, as servers of some SDKs do. */
  strict: { "server/discover": () => process.exit(4), "tools/list": ({ id }) => write({ id, result: { tools: [] } }), "tools/call": ({ id }) => write({ id, result: { content: [{ type: "text", text: "well" }] } }) },
  /** Speaks the revision that it was started with. */
  revision: { initialize: ({ id }) => write({ id, result: { ...hello, protocolVersion: process.argv[3] } }), "tools/list": ({ id }) => write({ id, result: { tools: [] } }), "server/discover": ({ id }) => write({ id, error: { code: -32601, message: "Method not found" } }) },
  /** Refuses the handshake. */
  refuses: { initialize: ({ id }) => write({ id, error: { code: -32000, message: "no licence" } }) },
  /** Shakes hands, and reads nothing more. */
  deaf: { "notifications/initialized": () => (process.stdin.pause(), setInterval(() => undefined, 1000)), "tools/list": () => undefined },
  /** Answers one of its tools only. */
  moody: { "tools/list": ({ id }) => write({ id, result: { tools: [] } }), "tools/call": ({ id, params }) => (params.name === "well" ? write({ id, result: { content: [{ type: "text", text: "well" }] } }) : undefined) },
  /** Answers a call when it is told that nobody waits for it any more. */
  late: {
    "tools/call": () => undefined,
    "notifications/cancelled": ({ params }) => write({ id: params.requestId, result: { content: [{ type: "text", text: "too late" }] } }),
  },
  /** Answers that the protocol does not allow. */
  malformed: {
    "tools/call": ({ id, params }) => {
      const name = params.name;
      if (name === "result") write({ id, result: "done" });
      if (name === "error") write({ id, error: "it broke" });
      if (name === "infinite") process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":{"structuredContent":{"n":1e999}}}\n`);
      if (name === "content") write({ id, result: { content: "text", structuredContent: null } });
      if (name === "blocks") write({ id, result: { content: [null, { type: "text" }, { type: "hologram", beams: 3 }, { type: "text", text: "seen" }] } });
    },
  },
  /** A list of tools in pages, with fields that no schema knows. */
  pages: {
    "tools/list": ({ id, params }) => {
      const page = Number(params.cursor ?? "0");
      write({ id, result: { tools: [{ name: `tool-${page}`, inputSchema: { type: "object" }, "x-new": { limit: 3 } }], ...(page < 2 ? { nextCursor: String(page + 1) } : {}) } });
    },
  },
  /** A list of tools that never ends. */
  circles: { "tools/list": ({ id }) => write({ id, result: { tools: [], nextCursor: "again" } }) },
  /** Tells how far it is, and answers, in one breath. */
  "one-breath": {
    "tools/call": ({ id, params }) => {
      const progress = { method: "notifications/progress", params: { progressToken: params._meta?.progressToken, progress: 1 } };
      process.stdout.write([progress, { id, result: { content: [] } }].map((message) => `${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`).join(""));
    },
  },
  /** Closes its standard output, but lives on. */
  "closes-output": { "tools/call": () => (process.stdout.end(), setInterval(() => undefined, 1000)) },
};

const mode = modes[process.argv[2] ?? ""] ?? {};
mode.start?.();
createInterface({ input: process.stdin }).on("line", (line) => {
  const message = JSON.parse(line) as Message;
  const handle = mode[message.method];
  if (handle !== undefined) handle(message);
  else if (message.method === "initialize") write({ id: message.id, result: hello });
});
