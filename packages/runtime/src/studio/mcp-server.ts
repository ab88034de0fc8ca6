import { type CallToolResult, CLIENT_CAPABILITIES_META_KEY, type ClientCapabilities, createRequestStateCodec, inputRequired, type InputRequiredResult, inputResponse, McpServer, type RequestStateCodec, type ServerContext } from "@modelcontextprotocol/server";
import { INSTRUCTIONS } from "./instructions.ts";
import { registerPrompts } from "./prompts.ts";
import { registerResources } from "./resources.ts";
import type { Session } from "./session.ts";
import type { CallContext, Question, Reply, StudioTool } from "./studio-tool.ts";
import { STUDIO_TOOLS } from "./studio-tools.ts";

/** What {@link createStudioServer} needs. */
export interface StudioServerOptions {
  readonly session: Session;
  readonly version: string;
  /** 32 random bytes of this process: what a person was asked is signed with them while it travels through their client. */
  readonly key: Uint8Array;
}

/** A question that is under way. */
interface Asked {
  readonly about: string;
}

/** How long a person may think. */
const ASKED_SECONDS = 3_600;
const QUESTION = "permission";

/**
 * An MCP server over a session, one for each connection (or request, over HTTP). It holds nothing: whichever answers next knows the same.
 * Both eras: what a person is to say is asked by elicitation, in whichever form the client speaks.
 */
export function createStudioServer({ session, version, key }: StudioServerOptions): McpServer {
  const codec = createRequestStateCodec<Asked>({ key, ttlSeconds: ASKED_SECONDS, bind: ({ http }) => http?.authInfo?.clientId ?? "" });
  const server = new McpServer({ name: "offstage", title: "Offstage", version }, { instructions: INSTRUCTIONS, capabilities: { tools: {}, resources: {}, prompts: {} }, requestState: { verify: (state, context) => codec.verify(state, context) } });
  for (const tool of STUDIO_TOOLS) registerTool(server, tool, { session, codec });
  registerResources(server, session);
  registerPrompts(server);
  return server;
}

interface Connection {
  readonly session: Session;
  readonly codec: RequestStateCodec<Asked>;
}

function registerTool(server: McpServer, tool: StudioTool, { session, codec }: Connection): void {
  server.registerTool(tool.name, { description: tool.description, inputSchema: tool.input, annotations: { readOnlyHint: tool.readOnly } }, async (args: unknown, context: ServerContext): Promise<CallToolResult | InputRequiredResult> => {
    const reply = await tool.run(session, args, { signal: context.mcpReq.signal, said: saidIn(context) });
    return resultOf(reply, { context, server, codec });
  });
}

async function resultOf(reply: Reply, { context, server, codec }: { readonly context: ServerContext; readonly server: McpServer; readonly codec: RequestStateCodec<Asked> }): Promise<CallToolResult | InputRequiredResult> {
  if (reply.kind === "answer") return { content: [{ type: "text", text: reply.text }], ...(reply.ok ? {} : { isError: true }) };
  if (!canAsk(context, server)) return { content: [{ type: "text", text: reply.elsewhere }], isError: true };
  return inputRequired({ inputRequests: { [QUESTION]: askOf(reply) }, requestState: await codec.mint({ about: reply.about }, context) });
}

/** Nothing is set beforehand: who only presses enter has not said yes. */
function askOf({ text, yes }: Question): ReturnType<typeof inputRequired.elicit> {
  return inputRequired.elicit({
    message: text,
    requestedSchema: { type: "object", properties: { answer: { type: "string", title: "What shall be done?", oneOf: [{ const: "yes", title: yes }, { const: "no", title: "Do nothing" }] } }, required: ["answer"] },
  });
}

/** What a person said, and about what: the state that came back is one that this process signed. */
function saidIn({ mcpReq }: ServerContext): CallContext["said"] {
  const asked = mcpReq.requestState<Asked>();
  const given = inputResponse(mcpReq.inputResponses, QUESTION);
  if (asked === undefined || given.kind !== "elicit") return null;
  return { about: asked.about, yes: given.action === "accept" && given.content?.["answer"] === "yes" };
}

function canAsk({ mcpReq }: ServerContext, server: McpServer): boolean {
  const envelope = mcpReq.envelope as { readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities } | undefined;
  // Of the older era it was said once, as the connection began.
  const declared = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities();
  const { elicitation } = declared ?? {};
  // Before there were modes, forms were what it meant.
  return elicitation !== undefined && ("form" in elicitation || Object.keys(elicitation).length === 0);
}
