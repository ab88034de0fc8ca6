import { type CallToolResult, CLIENT_CAPABILITIES_META_KEY, type ClientCapabilities, createRequestStateCodec, inputRequired, type InputRequiredResult, inputResponse, McpServer, type RequestStateCodec, type ServerContext } from "@modelcontextprotocol/server";
import { EXTENSION_ID, getUiCapability, RESOURCE_MIME_TYPE } from "@modelcontextprotocol/ext-apps/server";
import { type Data, isOffstageError, mapNames, mapScalars } from "../base/index.ts";
import { foldBlanks, visibleText } from "../tools/index.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import { createPermits, type Permits } from "./permits.ts";
import { registerPrompts } from "./prompts.ts";
import { registerResources } from "./resources.ts";
import type { Session } from "./session.ts";
import { type Answer, answer, type CallContext, type Question, type Reply, type StudioTool } from "./studio-tool.ts";
import { STUDIO_TOOLS } from "./studio-tools.ts";
import { VIEWS } from "./views/views.ts";

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
  const codec = createRequestStateCodec<Asked>({ key, ttlSeconds: ASKED_SECONDS, bind: callerIn });
  const server = new McpServer({ name: "offstage", title: "Offstage", version }, { instructions: INSTRUCTIONS, capabilities: { tools: {}, resources: {}, prompts: {}, extensions: { [EXTENSION_ID]: {} } }, requestState: { verify: (state, context) => codec.verify(state, context) } });
  for (const tool of STUDIO_TOOLS) registerTool(server, tool, { session, codec, permits: createPermits(key) });
  registerViews(server);
  registerResources(server, session);
  registerPrompts(server);
  return server;
}

/** The pages that show answers, each one file. */
function registerViews(server: McpServer): void {
  for (const { name, uri, description, text } of VIEWS) {
    server.registerResource(name, uri, { mimeType: RESOURCE_MIME_TYPE, description }, () => ({ contents: [{ uri, mimeType: RESOURCE_MIME_TYPE, text: text() }] }));
  }
}

interface Connection {
  readonly session: Session;
  readonly codec: RequestStateCodec<Asked>;
  readonly permits: Permits;
}

function registerTool(server: McpServer, tool: StudioTool, connection: Connection): void {
  const { session, permits } = connection;
  const ui = tool.view === undefined ? {} : { _meta: { ui: "page" in tool.view ? { resourceUri: tool.view.page } : { visibility: ["app"] } } };
  server.registerTool(tool.name, { description: tool.description, inputSchema: tool.input, annotations: { readOnlyHint: tool.readOnly, ...(tool.adds === true ? { destructiveHint: false } : {}) }, ...ui }, async (args: unknown, context: ServerContext): Promise<CallToolResult | InputRequiredResult> => {
    const reply = await tool.run(session, args, { signal: context.mcpReq.signal, said: saidIn(context), permits: (about, permit) => permits.holds(about, callerIn(context), permit) }).catch(refusal);
    return resultOf(reply, { context, server, shows: tool.view !== undefined && "page" in tool.view && hasViews(context, server), ...connection });
  });
}

/** What went wrong besides the desk's work, which tells it itself: a draft that another session changed, a file that cannot be read. */
function refusal(error: unknown): Answer {
  if (!isOffstageError(error) || error.code === "BUG") throw error;
  return answer([error.message, error.hint].filter((part) => part !== undefined).join(" "), false);
}

/** Under whose name a request came, over HTTP. */
function callerIn({ http }: ServerContext): string {
  return http?.authInfo?.clientId ?? "";
}

async function resultOf(reply: Reply, { context, server, shows, codec, permits }: Connection & { readonly context: ServerContext; readonly server: McpServer; readonly shows: boolean }): Promise<CallToolResult | InputRequiredResult> {
  if (reply.kind === "answer") return { content: [{ type: "text", text: reply.text }], ...(reply.ok ? {} : { isError: true }), ...(shows ? viewOf(reply, permits, callerIn(context)) : {}) };
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

/** What a page gets beside what a model reads. */
function viewOf({ data, about }: Answer, permits: Permits, caller: string): Pick<CallToolResult, "structuredContent" | "_meta"> {
  return {
    ...(typeof data === "object" && data !== null && !Array.isArray(data) ? { structuredContent: visibleData(data) as { [name: string]: unknown } } : {}),
    ...(about === undefined ? {} : { _meta: { "offstage/permit": permits.make(about, caller) } }),
  };
}

/** A page is read by people: what would push a text out of sight is folded there, names too, and what hides in it spelt out. */
function visibleData(data: Data): Data {
  const visible = (text: string): string => visibleText(foldBlanks(text.split("\n")).join("\n"));
  return mapNames(mapScalars(data, (scalar) => (typeof scalar === "string" ? visible(scalar) : scalar)), visible);
}

function hasViews(context: ServerContext, server: McpServer): boolean {
  return getUiCapability(declaredBy(context, server))?.mimeTypes?.includes(RESOURCE_MIME_TYPE) === true;
}

function canAsk(context: ServerContext, server: McpServer): boolean {
  const { elicitation } = declaredBy(context, server) ?? {};
  // Before there were modes, forms were what it meant.
  return elicitation !== undefined && ("form" in elicitation || Object.keys(elicitation).length === 0);
}

/** What the client says that it can do: with each request, or in the older era once, as the connection began. */
function declaredBy({ mcpReq }: ServerContext, server: McpServer): ClientCapabilities | undefined {
  const envelope = mcpReq.envelope as { readonly [CLIENT_CAPABILITIES_META_KEY]?: ClientCapabilities } | undefined;
  return envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities();
}
