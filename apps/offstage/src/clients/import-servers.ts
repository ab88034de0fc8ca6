import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OffstageError, referencesIn } from "offstage/base";
import { addServers } from "../config/add-servers.ts";
import { readDocument } from "../config/read-document.ts";
import { parseServers, SERVERS_FILE } from "../config/server-entry.ts";
import { DiagnosticsError } from "../errors.ts";
import { replaceFile } from "../project/write-file.ts";
import type { Known } from "./find-servers.ts";

/** What stands in the project's `mcp.json`; null when there is none. One that cannot be read has no servers: nothing is added to it. */
export function serversKnown(folder: string): { readonly known: Known; readonly text: string | null } {
  const document = readDocument(join(folder, SERVERS_FILE), SERVERS_FILE);
  const text = document.kind === "text" ? document.text : null;
  const parsed = text === null ? null : parseServers(text);
  // Disabled ones too: their names are taken.
  const names = parsed?.ok === true ? [...parsed.servers.map(({ name }) => name), ...parsed.disabled] : [];
  const variables = referencesIn(text ?? "").flatMap(({ inner }) => /^(?:(?:env|secret):)?([A-Za-z_]\w*)/.exec(inner)?.[1] ?? []);
  return { known: { servers: new Set(names), variables: new Set(variables) }, text };
}

/**
 * Adds servers to the `mcp.json` that is there, in one step. Errors: `CONFIG_INVALID` when it cannot be read, or nothing can be
 * added to it; `FILE_CHANGED` when it is not what it was when the servers were looked for.
 */
export function addToFile(folder: string, text: string | null, servers: Readonly<Record<string, object>>): void {
  const path = join(folder, SERVERS_FILE);
  const document = readDocument(path, SERVERS_FILE);
  if (document.kind === "unreadable") throw new DiagnosticsError("CONFIG_INVALID", [document.diagnostic]);
  const parsed = text === null ? null : parseServers(text);
  if (parsed?.ok === false) throw new DiagnosticsError("CONFIG_INVALID", parsed.diagnostics);
  if (text === null || document.kind !== "text" || document.text !== text) throw changed();
  const made = addServers(text, servers);
  // What precedes the text (a byte order mark) stays.
  const mark = readFileSync(path).subarray(0, 3).equals(Buffer.from("\uFEFF")) ? "\uFEFF" : "";
  replaceFile(path, mark + made);
}

function changed(): OffstageError {
  return new OffstageError("FILE_CHANGED", `${SERVERS_FILE} was made or changed while servers were looked for.`, { hint: "Nothing was imported. Run the command again." });
}
