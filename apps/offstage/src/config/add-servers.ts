import { OffstageError } from "offstage/base";
import { isMap, isNode, parseDocument } from "yaml";
import { plainJson } from "./plain-json.ts";
import { MAX_DOCUMENT_BYTES } from "./read-document.ts";
import { parseServers, SERVERS_FILE } from "./server-entry.ts";

/** A whole `mcp.json` of these servers. Errors: `CONFIG_INVALID`, also when it would be too large to be read. */
export function newServersFile(servers: Readonly<Record<string, object>>): string {
  return readable(`${JSON.stringify({ mcpServers: servers }, null, 2)}\n`, Object.keys(servers).length);
}

/**
 * The text of `mcp.json` with servers added at the end of its list; all that stands there stays as it is, comments too. None of
 * them may be there already. Errors: `CONFIG_INVALID`.
 */
export function addServers(text: string, servers: Readonly<Record<string, object>>): string {
  const list = listOf(text);
  const before = parseServers(text);
  if (list === null || !before.ok) throw unclear();
  const indent = list.indent;
  const lines = Object.entries(servers).map(([name, entry]) => `${indent}${JSON.stringify(name)}: ${JSON.stringify(entry, null, 2).replaceAll("\n", `\n${indent}`)}`).join(",\n");
  const after = list.empty ? `\n${lines}\n${text.slice(list.end).startsWith("\n") ? "" : indent.slice(0, -2)}` : `,\n${lines}`;
  return readable(text.slice(0, list.end) + after + text.slice(list.end), before.servers.length + Object.keys(servers).length);
}

/** The text, when it is read as so many servers. */
function readable(text: string, count: number): string {
  if (Buffer.byteLength(text) > MAX_DOCUMENT_BYTES) throw new OffstageError("CONFIG_INVALID", `${SERVERS_FILE} would be larger than ${MAX_DOCUMENT_BYTES} bytes.`, { hint: "Nothing was written. Import fewer servers: --import name,name" });
  const read = parseServers(text);
  if (!read.ok || read.servers.length !== count) throw unclear();
  return text;
}

interface ServerList {
  /** Where its last server ends, or where the first would stand. */
  readonly end: number;
  readonly empty: boolean;
  /** What stands before each name. */
  readonly indent: string;
}

function listOf(text: string): ServerList | null {
  const { contents } = parseDocument(plainJson(text).replaceAll("\t", " "), { uniqueKeys: false, version: "1.2" });
  if (!isMap(contents)) return null;
  const map = contents.get("mcpServers", true) ?? contents.get("servers", true);
  if (!isMap(map)) return null;
  const last = map.items.at(-1);
  if (last === undefined) return { end: (map.range?.[0] ?? 0) + 1, empty: true, indent: "    " };
  if (!isNode(last.value) || !isNode(last.key)) return null;
  const line = text.slice(0, last.key.range?.[0] ?? 0).split("\n").at(-1) ?? "";
  return { end: last.value.range?.[1] ?? 0, empty: false, indent: /^[ \t]*$/.test(line) && line !== "" ? line : "    " };
}

function unclear(): OffstageError {
  return new OffstageError("CONFIG_INVALID", `It is not clear where servers could be added to ${SERVERS_FILE}.`, { hint: "Nothing was written. Add an empty list, \"mcpServers\": {}, and run the command again." });
}
