import { Server } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";

/**
 * A small real MCP server of both eras that tells of changes: of its tools, and of its resources `note://a`, `note://b`. It says how long
 * a resource holds, completes an argument, and counts what it was asked. `node changing.ts`.
 */
const notes = new Map([["note://a", 1], ["note://b", 1]]);
const tools = ["touch", "grow", "asked", "die"];
const asked: string[] = [];
const reply = (text: string) => ({ content: [{ type: "text" as const, text }] });

serveStdio(({ era }) => {
  const server = new Server({ name: "changing", version: "1.0.0" }, { capabilities: { tools: { listChanged: true }, resources: { subscribe: true, listChanged: true }, prompts: {}, completions: {} } });
  const count = (what: string): void => void asked.push(what);
  server.setRequestHandler("tools/list", () => (count("tools/list"), { tools: tools.map((name) => ({ name, inputSchema: { type: "object" as const } })) }));
  server.setRequestHandler("resources/list", ({ params }) => (params?.cursor === undefined ? { resources: [{ uri: "note://a", name: "a" }], nextCursor: "b" } : { resources: [{ uri: "note://b", name: "b" }] }));
  server.setRequestHandler("resources/templates/list", () => ({ resourceTemplates: [{ uriTemplate: "note://{name}", name: "note" }] }));
  server.setRequestHandler("prompts/list", () => ({ prompts: [{ name: "greet", arguments: [{ name: "who", required: true }] }] }));
  server.setRequestHandler("resources/read", ({ params: { uri } }) => {
    count(`read ${uri}`);
    return { contents: [{ uri, text: `edition ${notes.get(uri) ?? 0}` }], ttlMs: uri === "note://a" ? 60_000 : 0 } as never;
  });
  server.setRequestHandler("completion/complete", ({ params: { argument, context } }) => ({ completion: { values: ["ada", "alan", "grace"].filter((name) => name.startsWith(argument.value)).map((name) => name + (context?.arguments?.["suffix"] ?? "")), hasMore: true } }));
  if (era === "legacy") {
    server.setRequestHandler("resources/subscribe", ({ params }) => (count(`subscribe ${params.uri}`), {}));
    server.setRequestHandler("resources/unsubscribe", ({ params }) => (count(`unsubscribe ${params.uri}`), {}));
  }
  server.setRequestHandler("tools/call", async ({ params }) => {
    const uri = String(params.arguments?.["uri"]);
    if (params.name === "die") process.exit(1);
    if (params.name === "touch") {
      notes.set(uri, (notes.get(uri) ?? 0) + 1);
      await server.sendResourceUpdated({ uri });
    }
    if (params.name === "grow") {
      tools.push(`tool-${tools.length}`);
      await server.sendToolListChanged();
    }
    return reply(JSON.stringify(asked));
  });
  return server;
});
