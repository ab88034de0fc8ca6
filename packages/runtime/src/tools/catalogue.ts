import { type Data, UnsafeInteger } from "../base/index.ts";

/** A tool exactly as its server listed it: every field, known to MCP or not. */
export interface RawTool {
  readonly [field: string]: Data;
}

/** What an MCP server offers, as it said it in one listing. */
export interface Catalogue {
  /** The name that `mcp.json` gives the server. */
  readonly server: string;
  /** What the server calls itself. Shown and kept, never trusted. */
  readonly info: ServerInfo;
  readonly protocol: ProtocolInfo;
  /** Absent where it was not asked for. */
  readonly introduction?: ServerIntroduction;
  /** Tool name → the tool, in the order of the listing. */
  readonly tools: ReadonlyMap<string, RawTool>;
}

/** What a server answers when it is asked who it is. */
export interface ServerInfo {
  readonly name: string;
  readonly version: string;
}

/** What a server says of itself beside its tools. Clients hand the instructions to models: what changes in them is reviewed as tools are. */
export interface ServerIntroduction {
  readonly capabilities: Data;
  readonly instructions: string | null;
}

/** `legacy`: sessions after `initialize`, up to 2025-11-25. `modern`: stateless, from 2026-07-28. */
export type ProtocolEra = "legacy" | "modern";

/** Which MCP the server spoke. */
export interface ProtocolInfo {
  readonly era: ProtocolEra;
  /** The revision's date, as negotiated. */
  readonly revision: string;
}

/** What was listed and cannot be used: nothing may call a tool whose name is missing, or means two tools. */
export interface CatalogueFault {
  /** The tool's name; null when it has none. */
  readonly tool: string | null;
  readonly message: string;
}

/** What a session hands over after `tools/list`; the catalogue of the `mcp` room fits by shape. */
export interface Listing {
  readonly server: string;
  readonly era: ProtocolEra;
  readonly protocolVersion: string;
  /** `name`, `version` and whatever else the server says of itself. */
  readonly serverInfo: { readonly [field: string]: Data };
  readonly capabilities?: Data;
  readonly instructions?: string | null;
  /** All pages of the list. */
  readonly tools: readonly Data[];
}

/** Makes a catalogue of what a server listed; whatever cannot be called by one clear name becomes a fault and is left out. */
export function catalogueOf(listing: Listing): { readonly catalogue: Catalogue; readonly faults: readonly CatalogueFault[] } {
  const tools = new Map<string, RawTool>();
  const faults: CatalogueFault[] = [];
  const twice = new Set<string>();
  for (const listed of listing.tools) {
    const name = isRecord(listed) ? field(listed, "name") : undefined;
    if (!isRecord(listed) || typeof name !== "string" || name === "") {
      faults.push({ tool: null, message: `server "${listing.server}" listed a tool without a name` });
    } else if (tools.has(name)) {
      twice.add(name);
    } else {
      tools.set(name, listed);
    }
  }
  for (const name of twice) {
    tools.delete(name);
    faults.push({ tool: name, message: `server "${listing.server}" listed two tools named "${name}": neither can be used` });
  }
  const info = { name: textField(listing.serverInfo, "name") ?? "", version: textField(listing.serverInfo, "version") ?? "" };
  const introduction = listing.capabilities === undefined ? {} : { introduction: { capabilities: listing.capabilities, instructions: listing.instructions ?? null } };
  return { catalogue: { server: listing.server, info, ...introduction, protocol: { era: listing.era, revision: listing.protocolVersion }, tools }, faults };
}

/** True for a JSON object; a poisoned integer is a number. */
export function isRecord(value: Data | undefined): value is { readonly [key: string]: Data } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof UnsafeInteger);
}

/** An own field of an object, whatever it is called; undefined when it has none. */
export function field(value: Data | undefined, name: string): Data | undefined {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** An own field that holds a string; undefined when it is absent or something else. */
export function textField(value: Data | undefined, name: string): string | undefined {
  const found = field(value, name);
  return typeof found === "string" ? found : undefined;
}
