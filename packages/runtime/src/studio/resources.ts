import { type McpServer, ResourceTemplate, ResourceNotFoundError } from "@modelcontextprotocol/server";
import { readText } from "./tools/read.ts";
import type { Session } from "./session.ts";

/** What a session reads by name, under its address: `offstage://language`, `offstage://workflows/reports.ts`, `offstage://runs/1m8e…`. */
const SCHEME = "offstage://";

/** The texts of a session as resources, for clients whose people choose what a model reads. */
export function registerResources(server: McpServer, session: Session): void {
  server.registerResource("text", new ResourceTemplate(`${SCHEME}{+name}`, { list: () => ({ resources: listed(session) }) }), { description: "The language, examples, and the project's workflows, profiles and drafts." }, async (uri, _variables, { mcpReq }) => {
    const text = await textOf(session, uri.href.slice(SCHEME.length), mcpReq.signal);
    if (text === null) throw new ResourceNotFoundError(uri.href);
    return { contents: [{ uri: uri.href, mimeType: "text/plain", text }] };
  });
}

function listed({ shelf, documents }: Session): { readonly uri: string; readonly name: string; readonly description: string; readonly mimeType: string }[] {
  const drafts = shelf.files().map((name) => ({ name, about: "a draft" }));
  const drafted = new Set(shelf.files());
  return [...drafts, ...documents.list().filter(({ name }) => !drafted.has(name))].map(({ name, about }) => ({ uri: `${SCHEME}${name}`, name, description: about, mimeType: "text/plain" }));
}

async function textOf(session: Session, name: string, signal: AbortSignal): Promise<string | null> {
  const run = /^runs\/([\w-]+)$/.exec(name)?.[1];
  if (run === undefined) return readText(session, name);
  const told = await session.desk.show(run, signal);
  return told.ok ? told.text : null;
}
