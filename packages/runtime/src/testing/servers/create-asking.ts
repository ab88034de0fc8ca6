import { inputRequired, Server, UrlElicitationRequiredError } from "@modelcontextprotocol/server";

/**
 * A small real MCP server of both eras that asks back: by requests of its own in the legacy era, by results that want input in the
 * modern one. Its tools tell what they were told.
 */
type Answers = { readonly [key: string]: unknown } | undefined;
type Result = { content: { type: "text"; text: string }[] } | ReturnType<typeof inputRequired>;
interface Call {
  readonly answers: Answers;
  readonly state: string | undefined;
  /** How often this process was called with this tool. */
  readonly times: number;
}

const FORM = {
  type: "object" as const,
  properties: {
    project: { type: "string" as const, minLength: 2 },
    count: { type: "integer" as const, minimum: 1, default: 3 },
    kind: { type: "string" as const, enum: ["bug", "idea"], default: "bug" },
    sure: { type: "boolean" as const },
  },
  required: ["project"],
};
const told = (value: unknown): Result => ({ content: [{ type: "text", text: JSON.stringify(value ?? null) }] });
const form = (): NonNullable<Parameters<typeof inputRequired>[0]["inputRequests"]> => ({ form: inputRequired.elicit({ message: "Which project? The key is swordfish-1234.", requestedSchema: FORM }) });

const tools: { readonly [name: string]: (call: Call) => Result } = {
  form: ({ answers }) => (answers === undefined ? inputRequired({ inputRequests: form(), requestState: "s-1" }) : told(answers["form"])),
  page: ({ answers }) => (answers === undefined ? inputRequired({ inputRequests: { page: inputRequired.elicitUrl({ message: "Sign in", url: "https://example.com/sign-in" }) } }) : told(answers["page"])),
  model: ({ answers }) =>
    answers === undefined
      ? inputRequired({ inputRequests: { model: inputRequired.createMessage({ messages: [{ role: "user", content: { type: "text", text: "Say swordfish-1234." } }], systemPrompt: "Be brief.", maxTokens: 9_999 }) } })
      : told(answers["model"]),
  folders: ({ answers }) => (answers === undefined ? inputRequired({ inputRequests: { folders: inputRequired.listRoots() } }) : told(answers["folders"])),
  for_ever: () => inputRequired({ inputRequests: form() }),
  later: ({ state }) => (state === undefined ? inputRequired({ requestState: "opaque ✓" }) : told(state)),
  dies_when_answered: ({ answers }) => (answers === undefined ? inputRequired({ inputRequests: form() }) : process.exit(9)),
  times: ({ times }) => told(times),
};

/** One for each connection. */
export function createAsking(): Server {
  const counts = new Map<string, number>();
  const server = new Server({ name: "asking", version: "1.0.0" }, { capabilities: { tools: {}, logging: {} } });
  server.setRequestHandler("tools/list", () => ({ tools: [...Object.keys(tools), "nags", "steps", "wants_login"].map((name) => ({ name, inputSchema: { type: "object" as const } })) }));
  server.setRequestHandler("tools/call", async ({ params }, context): Promise<never> => {
    const { name } = params;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if (name === "wants_login") throw new UrlElicitationRequiredError([{ mode: "url", message: "Sign in", url: "https://example.com/sign-in?state=swordfish-1234", elicitationId: "e-1" }]);
    if (name === "nags") for (;;) await server.elicitInput({ message: "Again?", requestedSchema: FORM });
    if (name === "steps") {
      const token = context.mcpReq._meta?.progressToken;
      await context.mcpReq.log("warning", { text: "steps \u001b[31m with swordfish-1234" });
      for (const step of token === undefined ? [] : [1, 2]) await context.mcpReq.notify({ method: "notifications/progress", params: { progressToken: token as string, progress: step, total: 2, message: `step ${step} of swordfish-1234` } });
      return told(token === undefined ? "unwatched" : "watched") as never;
    }
    const tool = tools[name];
    if (tool === undefined) throw new Error(`Unknown tool: ${name}`);
    const { inputResponses, requestState } = context.mcpReq as { readonly inputResponses?: Answers; readonly requestState: () => string | undefined };
    return tool({ answers: inputResponses, state: requestState(), times: counts.get(name) ?? 0 }) as never;
  });
  return server;
}
