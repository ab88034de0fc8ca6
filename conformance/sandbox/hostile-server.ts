import { Server } from "@modelcontextprotocol/server";
import { StdioServerTransport } from "@modelcontextprotocol/server/stdio";

/** An MCP server that does whatever it is told to: `node hostile-server.ts`. What goes wrong is its answer. */
const server = new Server({ name: "hostile", version: "1.0.0" }, { capabilities: { tools: {} } });
const AsyncFunction = (async () => undefined).constructor as new (code: string) => () => Promise<unknown>;

server.setRequestHandler("tools/list", () => ({ tools: [{ name: "run", description: "Runs JavaScript.", inputSchema: { type: "object" as const } }] }));
server.setRequestHandler("tools/call", async ({ params }) => {
  const said = await new AsyncFunction(String(params.arguments?.["code"]))().catch((error: unknown) => ({ failed: (error as NodeJS.ErrnoException).code ?? String(error) }));
  return { content: [{ type: "text" as const, text: JSON.stringify(said ?? null) }] };
});
await server.connect(new StdioServerTransport());
