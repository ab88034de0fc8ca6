import { ProtocolError, Server, type ServerContext } from "@modelcontextprotocol/server";

type Args = { readonly [name: string]: unknown };
type Result = { content: { type: "text"; text: string }[]; structuredContent?: { [name: string]: unknown }; isError?: boolean };

const RawJson = JSON as typeof JSON & { rawJSON(text: string): unknown };
const text = (value: string): Result => ({ content: [{ type: "text", text: value }] });
const TOOLS_A_PAGE = 10;
const COUNT = { type: "object" as const, properties: { count: { type: "integer" } }, required: ["count"] };

const tools: { readonly [name: string]: { readonly description: string; readonly outputSchema?: typeof COUNT; readonly run: (args: Args, context: ServerContext) => Result | Promise<Result> } } = {
  add: { description: "Adds two numbers.", run: ({ a, b }) => text(String(Number(a) + Number(b))) },
  echo: { description: "Says what it was told.", run: ({ text: said }) => text(String(said)) },
  arguments: { description: "Gives its arguments back.", run: (args) => ({ content: [], structuredContent: { ...args } }) },
  structured: { description: "Structured content beside a text.", outputSchema: COUNT, run: () => ({ ...text("three of them"), structuredContent: { count: 3 } }) },
  unfaithful: { description: "Breaks its own outputSchema.", outputSchema: COUNT, run: () => ({ content: [], structuredContent: { count: "many" } }) },
  json_text: { description: "JSON in one block of text.", run: () => text('{"items":[{"id":1,"token":"t-1"},{"id":2}]}') },
  markdown: { description: "Markdown.", run: () => text("# Done\n\n**Key**: PROD-1") },
  two_blocks: { description: "Two blocks, each of them JSON.", run: () => ({ content: [...text("1").content, ...text("2").content] }) },
  big_structured: { description: "A large integer as structured content.", run: () => ({ content: [], structuredContent: { id: RawJson.rawJSON("9007199254740993") } }) },
  big_text: { description: "A large integer as JSON text.", run: () => text('{"id":9007199254740993}') },
  deep: { description: "Nests deeper than anybody should.", run: () => ({ content: [], structuredContent: { deep: RawJson.rawJSON('"d"'), nest: JSON.parse("[".repeat(300) + "]".repeat(300)) as unknown } }) },
  picture: { description: "An image.", run: () => ({ content: [{ type: "image", data: "iVBORw0KGgo=", mimeType: "image/png" } as never] }) },
  fails: { description: "A tool's own error.", run: ({ text: said }) => ({ ...text(typeof said === "string" ? said : "it broke"), isError: true }) },
  throws: {
    description: "A protocol error.",
    run: () => {
      throw new Error("Not Found");
    },
  },
  mismatch: {
    description: "Refuses its headers.",
    run: () => {
      throw new ProtocolError(-32_020, "HeaderMismatch");
    },
  },
  environment: { description: "The names of its environment variables.", run: () => ({ content: [], structuredContent: { names: Object.keys(process.env).sort(), folder: process.cwd() } }) },
  pid: { description: "Its process id.", run: () => text(String(process.pid)) },
  shout: {
    description: "Writes many lines to stderr.",
    run: async ({ lines }) => {
      const block = Array.from({ length: 1000 }, (_, index) => `noise ${index} with a token swordfish-1234`).join("\n");
      for (let written = 0; written < Number(lines); written += 1000) await new Promise((resolve) => process.stderr.write(`${block}\n`, resolve));
      return text("shouted");
    },
  },
  never: { description: "Never answers, and notices when nobody waits for it any more.", run: neverAnswer },
  begun: { description: "Answers when a call of `never` with the same key has begun.", run: ({ key }) => callOf(key).begun.promise.then(() => text("begun")) },
  given_up: { description: "Answers when it was given up.", run: ({ key }) => callOf(key).over.promise.then(() => text("given up")) },
  steps: { description: "Says how far it is, where it is asked to.", run: tellSteps },
  die: { description: "Ends the process in mid-call.", run: () => dieLoudly() },
};

/** Calls of `never`, by key: in this module, because some ways of serving have a server of its own for each request. */
const calls = new Map<string, { readonly begun: PromiseWithResolvers<void>; readonly over: PromiseWithResolvers<void> }>();

function callOf(key: unknown): { readonly begun: PromiseWithResolvers<void>; readonly over: PromiseWithResolvers<void> } {
  const call = calls.get(String(key)) ?? { begun: Promise.withResolvers<void>(), over: Promise.withResolvers<void>() };
  calls.set(String(key), call);
  return call;
}

function neverAnswer({ key }: Args, { mcpReq: { signal } }: ServerContext): Promise<Result> {
  const { begun, over } = callOf(key);
  begun.resolve();
  if (signal.aborted) over.resolve();
  signal.addEventListener("abort", () => over.resolve(), { once: true });
  return new Promise<Result>(() => undefined);
}

async function tellSteps(_args: Args, { mcpReq }: ServerContext): Promise<Result> {
  const progressToken = mcpReq._meta?.progressToken;
  for (const progress of progressToken === undefined ? [] : [1, 2]) await mcpReq.notify({ method: "notifications/progress", params: { progressToken: progressToken as string, progress, total: 2, message: `step ${progress}` } });
  return text("there");
}

function dieLoudly(): never {
  process.stderr.write("fatal: out of cheese\n");
  process.exit(7);
}

/** A small real MCP server with one tool for each way in which results differ. */
export function createWorkshop(): Server {
  const server = new Server({ name: "workshop", version: "1.2.3" }, { capabilities: { tools: {}, resources: {}, prompts: {} }, instructions: "Mind the machines." });
  server.setRequestHandler("tools/list", ({ params }) => {
    const from = Number(params?.cursor ?? 0);
    const page = Object.entries(tools).slice(from, from + TOOLS_A_PAGE).map(([name, tool]) => ({
      name,
      description: tool.description,
      inputSchema: { type: "object" as const },
      ...(tool.outputSchema === undefined ? {} : { outputSchema: tool.outputSchema }),
    }));
    return { tools: page, ...(from + page.length < Object.keys(tools).length ? { nextCursor: String(from + page.length) } : {}) };
  });
  server.setRequestHandler("tools/call", (request, context) => {
    const tool = tools[request.params.name];
    if (tool === undefined) throw new Error(`Unknown tool: ${request.params.name}`);
    return Promise.resolve(tool.run(request.params.arguments ?? {}, context));
  });
  const resources: { readonly [uri: string]: readonly ({ uri: string; text: string } | { uri: string; blob: string })[] } = {
    "shop://json": [{ uri: "shop://json", text: '{"id":9007199254740993,"token":"swordfish-1234"}' }],
    "shop://text": [{ uri: "shop://text", text: "A hammer, by swordfish-1234." }],
    "shop://two": [{ uri: "shop://two/1", text: "1" }, { uri: "shop://two/2", blob: "AAE=" }],
  };
  server.setRequestHandler("resources/read", ({ params: { uri } }) => {
    const contents = resources[uri];
    if (contents === undefined) throw new Error(`No resource ${uri}`);
    return { contents: [...contents] };
  });
  server.setRequestHandler("prompts/get", ({ params: { name, arguments: args } }) => ({
    messages: [
      { role: "user" as const, content: { type: "text" as const, text: `${name} ${args?.["what"] ?? "nothing"}` } },
      { role: "assistant" as const, content: { type: "text" as const, text: "42" } },
    ],
  }));
  return server;
}
