import type { Client } from "@modelcontextprotocol/client";
import { type Data, deepFreeze, type Redactor } from "../base/index.ts";
import type { Lasting } from "./lasting.ts";
import { type ListItem, readList } from "./read-list.ts";

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
  /** What it says that it can do, as it said it. */
  readonly capabilities: Data;
  /** In the server's order, all pages. */
  readonly tools: readonly RawTool[];
}

const TOOLS = { method: "tools/list", member: "tools", key: "name" } as const;

/** What the tools are read with. */
export interface CatalogueReading {
  readonly redactor: Redactor;
  readonly admitTools: (tools: readonly ListItem[]) => readonly ListItem[];
}

/** Reads all tools, and what the server said of itself. */
export async function readCatalogue(server: string, client: Client, { redactor, admitTools }: CatalogueReading, signal: AbortSignal): Promise<Lasting<Catalogue>> {
  const { items, ttlMs } = client.getServerCapabilities()?.tools === undefined ? { items: [], ttlMs: null } : await readList(server, client, TOOLS, signal);
  const catalogue = {
    server,
    era: client.getProtocolEra() ?? "legacy",
    protocolVersion: client.getNegotiatedProtocolVersion() ?? "",
    serverInfo: { ...client.getServerVersion() } as Data,
    instructions: client.getInstructions() ?? null,
    capabilities: (client.getServerCapabilities() ?? {}) as Data,
    tools: admitTools(items),
  };
  return { value: deepFreeze(redactor.redactData(catalogue)) as unknown as Catalogue, ttlMs };
}
