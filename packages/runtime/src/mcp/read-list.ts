import type { Client } from "@modelcontextprotocol/client";
import { type Data, OffstageError } from "../base/index.ts";
import { NO_TIMEOUT, RAW_RESULT } from "./raw-result.ts";

/** One thing of a server's list, exactly as it described it. */
export type ListItem = { readonly [field: string]: Data };

/** A list of a server, all pages, in its order. */
export interface ServerList {
  readonly items: readonly ListItem[];
  /** For how long the server says that it holds, ms; null when it does not say. */
  readonly ttlMs: number | null;
}

/** Which list, and by what its items are told apart. */
export interface ListKind {
  readonly method: "tools/list" | "resources/list" | "resources/templates/list" | "prompts/list";
  /** The member of the result. */
  readonly member: string;
  /** A text that every item has. */
  readonly key: string;
}

/** A list whose cursor never ends is the server's mistake. */
const MOST_PAGES = 200;
/** Each page is bounded by what one message may have; together they have no more than that by default, UTF-16 units of JSON. */
const MOST_UNITS = 64 * 1024 * 1024;

/**
 * Reads all pages of a list. Raw rather than through the SDK's schemas, which drop fields they do not know: a changed tool must be
 * seen whatever changed.
 */
export async function readList(server: string, client: Client, kind: ListKind, signal: AbortSignal): Promise<ServerList> {
  const items: ListItem[] = [];
  const seen = new Set<string>();
  let ttlMs: number | null = null;
  let cursor: string | undefined;
  let units = 0;
  for (let page = 0; page < MOST_PAGES; page++) {
    const params = cursor === undefined ? {} : { cursor };
    const result = (await client.request({ method: kind.method, params }, RAW_RESULT, { signal, timeout: NO_TIMEOUT })) as { readonly [name: string]: Data | undefined };
    const read = itemsOf(server, kind, result[kind.member]);
    items.push(...read);
    if (page === 0) ttlMs = ttlOf(result);
    const next = result["nextCursor"];
    if (typeof next !== "string") return { items, ttlMs };
    units += JSON.stringify(read).length;
    if (seen.has(next) || units > MOST_UNITS) break;
    seen.add(next);
    cursor = next;
  }
  throw new OffstageError("SERVER_PROTOCOL", `The MCP server "${server}" never ends its list of ${wordFor(kind)}.`, { hint: "Tell its authors: nextCursor repeats or goes on for ever." });
}

/** The server's hint how long a result holds (SEP-2549), ms; null when there is none. */
export function ttlOf(result: { readonly [name: string]: Data | undefined }): number | null {
  const ttl = result["ttlMs"];
  return typeof ttl === "number" && ttl >= 0 ? ttl : null;
}

function itemsOf(server: string, kind: ListKind, list: Data | undefined): readonly ListItem[] {
  if (Array.isArray(list) && (list as readonly Data[]).every((item) => isItem(item, kind.key))) return list as readonly ListItem[];
  throw new OffstageError("SERVER_PROTOCOL", `The MCP server "${server}" answered ${kind.method} with something that is not a list of named ${wordFor(kind)}.`, { hint: "Tell its authors." });
}

function isItem(value: Data, key: string): boolean {
  return typeof value === "object" && value !== null && typeof (value as { readonly [name: string]: unknown })[key] === "string";
}

function wordFor({ member }: ListKind): string {
  return member === "resourceTemplates" ? "resource templates" : member;
}
