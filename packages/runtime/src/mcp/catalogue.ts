import type { Client } from "@modelcontextprotocol/client";
import { type Data, deepFreeze, OffstageError, type Redactor } from "../base/index.ts";
import { RAW_RESULT } from "./raw-result.ts";

/** A tool exactly as its server described it (redacted): what the lock hashes. */
export type RawTool = { readonly name: string; readonly [field: string]: Data };

/** What a server offers and how it introduced itself. Frozen, redacted. */
export interface Catalogue {
  readonly server: string;
  readonly era: "legacy" | "modern";
  readonly protocolVersion: string;
  /** `name`, `version` and whatever else the server says of itself. */
  readonly serverInfo: { readonly [field: string]: Data };
  readonly instructions: string | null;
  /** In the server's order, all pages. */
  readonly tools: readonly RawTool[];
}

/** A list whose cursor never ends is the server's mistake. */
const MOST_PAGES = 200;

/**
 * Reads all tools. Raw rather than through the SDK's schemas, which drop fields they do not know: a changed tool must be
 * seen whatever changed.
 */
export async function readCatalogue(server: string, client: Client, redactor: Redactor, signal: AbortSignal, timeoutMs: number): Promise<Catalogue> {
  const tools = client.getServerCapabilities()?.tools === undefined ? [] : await readTools(server, client, signal, timeoutMs);
  const catalogue = {
    server,
    era: client.getProtocolEra() ?? "legacy",
    protocolVersion: client.getNegotiatedProtocolVersion() ?? "",
    serverInfo: { ...client.getServerVersion() } as Data,
    instructions: client.getInstructions() ?? null,
    tools,
  };
  return deepFreeze(redactor.redactData(catalogue)) as unknown as Catalogue;
}

async function readTools(server: string, client: Client, signal: AbortSignal, timeoutMs: number): Promise<readonly RawTool[]> {
  const tools: RawTool[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const params = cursor === undefined ? {} : { cursor };
    const result = (await client.request({ method: "tools/list", params }, RAW_RESULT, { signal, timeout: timeoutMs })) as { readonly tools?: Data; readonly nextCursor?: Data };
    tools.push(...toolsOf(server, result.tools));
    const next = result.nextCursor;
    if (typeof next !== "string") return tools;
    if (seen.has(next)) break;
    seen.add(next);
    cursor = next;
  }
  throw new OffstageError("SERVER_PROTOCOL", `The MCP server "${server}" never ends its list of tools.`, { hint: "Tell its authors: nextCursor repeats or goes on for ever." });
}

function toolsOf(server: string, list: Data | undefined): readonly RawTool[] {
  if (Array.isArray(list) && (list as readonly Data[]).every(isTool)) return list as readonly RawTool[];
  throw new OffstageError("SERVER_PROTOCOL", `The MCP server "${server}" answered tools/list with something that is not a list of named tools.`, { hint: "Tell its authors." });
}

function isTool(value: Data): value is RawTool {
  return typeof value === "object" && value !== null && typeof (value as { readonly name?: unknown }).name === "string";
}
