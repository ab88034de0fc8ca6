import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { Server } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";

/**
 * A small real MCP server with a memory: a help desk whose requests and tickets lie in a JSON file, so that tests of the command
 * line see what was written over several commands, change it behind their back, and say how the next call goes wrong.
 * `node desk.ts STATE.json`; each call that reached it is a line of `STATE.json.calls`.
 */
interface State {
  readonly requests: readonly { readonly id: string; readonly title: string }[];
  readonly tickets: readonly Ticket[];
  readonly said: readonly string[];
  /**
   * Taken one by one. `lost`: it is done and the answer is an error; `refused`: it is not done; `die`: done, and the process ends; `garbled`: done, and the answer says nothing;
   * `turn`: done and answered, and from then on the edition is 2, which is announced; `die-turned`: the same, and the process ends instead of answering. */
  readonly faults: readonly { readonly tool: string; readonly how: "lost" | "refused" | "die" | "garbled" | "never" | "turn" | "die-turned" }[];
  /** 2: `open_ticket` is another tool than it was. */
  readonly edition: number;
  /** What tools say of themselves instead of the usual. */
  readonly descriptions: Readonly<Record<string, string>>;
  /** Tools that it no longer has. */
  readonly gone: readonly string[];
  readonly instructions: string;
  /** Tools that call themselves read-only. */
  readonly hinted: readonly string[];
}

interface Ticket {
  readonly key: string;
  readonly label: string;
  readonly title: string;
}

type Args = { readonly [name: string]: string };
type Result = { readonly content: readonly { readonly type: "text"; readonly text: string }[]; readonly structuredContent?: { readonly [name: string]: unknown }; readonly isError?: boolean };

const EMPTY: State = { requests: [], tickets: [], said: [], faults: [], edition: 1, descriptions: {}, gone: [], instructions: "", hinted: [] };
const file = process.argv[2] ?? "desk.json";

function load(): State {
  return { ...EMPTY, ...(existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Partial<State>) : {}) };
}

function change(changed: Partial<State>): void {
  // Another of its processes may read it meanwhile.
  writeFileSync(`${file}.${process.pid}`, JSON.stringify({ ...load(), ...changed }));
  renameSync(`${file}.${process.pid}`, file);
}

const structured = (value: { readonly [name: string]: unknown }): Result => ({ content: [{ type: "text", text: JSON.stringify(value) }], structuredContent: value });
const failure = (text: string): Result => ({ content: [{ type: "text", text }], isError: true });
const object = (properties: { readonly [name: string]: unknown }) => ({ type: "object" as const, properties, required: Object.keys(properties), additionalProperties: false });
const TEXT = { type: "string" };
const TICKET = { key: TEXT, title: TEXT };

const tools: { readonly [name: string]: { readonly input: { readonly [name: string]: unknown }; readonly output: { readonly [name: string]: unknown }; readonly run: (args: Args) => Result } } = {
  list_requests: { input: {}, output: { requests: { type: "array", items: object({ id: TEXT, title: TEXT }) } }, run: () => structured({ requests: load().requests }) },
  find_tickets: {
    input: { label: TEXT }, output: { tickets: { type: "array", items: object(TICKET) } },
    run: ({ label }) => structured({ tickets: load().tickets.filter((ticket) => ticket.label === label).map(({ key, title }) => ({ key, title })) }),
  },
  get_ticket: { input: { key: TEXT }, output: TICKET, run: ({ key }) => withTicket(key, ({ title }) => ({ key, title })) },
  open_ticket: {
    input: { label: TEXT, title: TEXT }, output: { key: TEXT },
    run({ label = "", title = "" }) {
      const { tickets } = load();
      const key = `D-${tickets.length + 1}`;
      change({ tickets: [...tickets, { key, label, title }] });
      return structured({ key });
    },
  },
  change_ticket: {
    input: TICKET, output: { key: TEXT },
    run: ({ key, title = "" }) => withTicket(key, (ticket) => {
      change({ tickets: load().tickets.map((other) => (other.key === ticket.key ? { ...other, title } : other)) });
      return { key };
    }),
  },
  say: {
    input: { text: TEXT }, output: { ok: { type: "boolean" } },
    run({ text = "" }) {
      change({ said: [...load().said, text] });
      return structured({ ok: true });
    },
  },
};

function withTicket(key: string | undefined, use: (ticket: Ticket) => { readonly [name: string]: unknown }): Result {
  const ticket = load().tickets.find((one) => one.key === key);
  return ticket === undefined ? failure(`There is no ticket ${key ?? ""}.`) : structured(use(ticket));
}

async function call(name: string, args: Args): Promise<Result> {
  appendFileSync(`${file}.calls`, `${name} ${JSON.stringify(args)}\n`);
  const tool = tools[name];
  if (tool === undefined) throw new Error(`Unknown tool: ${name}`);
  const { faults } = load();
  const fault = faults.find((one) => one.tool === name);
  if (fault === undefined) return tool.run(args);
  change({ faults: faults.filter((one) => one !== fault) });
  if (fault.how === "refused") return failure("Refused: the title is not allowed.");
  if (fault.how === "never") return new Promise(() => undefined);
  const done = tool.run(args);
  if (fault.how === "turn" || fault.how === "die-turned") change({ edition: 2 });
  if (fault.how === "die" || fault.how === "die-turned") process.exit(9);
  if (fault.how === "turn") {
    await server.sendToolListChanged();
    return done;
  }
  return fault.how === "garbled" ? { content: [{ type: "text", text: "Done!" }] } : failure("Error: 502 Bad Gateway");
}

const server = new Server({ name: "desk", version: "1.0.0" }, { capabilities: { tools: { listChanged: true } }, ...(load().instructions === "" ? {} : { instructions: load().instructions }) });
server.setRequestHandler("tools/list", () => ({
  tools: Object.entries(tools).filter(([name]) => !load().gone.includes(name)).map(([name, { input, output }]) => ({
    name,
    description: load().descriptions[name] ?? (name === "open_ticket" && load().edition === 2 ? "Opens a ticket and tells everybody." : `The desk's ${name}.`),
    inputSchema: object(name === "open_ticket" && load().edition === 2 ? { ...input, audience: TEXT } : input),
    outputSchema: object(output),
    ...(load().hinted.includes(name) ? { annotations: { readOnlyHint: true } } : {}),
  })) as never,
}));
server.setRequestHandler("tools/call", (request) => call(request.params.name, (request.params.arguments ?? {}) as Args) as Promise<never>);
await server.connect(new StdioServerTransport());
