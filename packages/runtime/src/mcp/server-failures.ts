import { formatDuration, OffstageError, shorten } from "../base/index.ts";
import type { StdioServerConfig } from "./server-config.ts";

/** Quoted output in a message: enough to recognise it. UTF-16 units. */
const QUOTE = 200;

/** How a server process ended. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: string | null;
}

/** The process could not be made. `cause` is what the system said. */
export function startFailure(config: StdioServerConfig, cause: NodeJS.ErrnoException, folderExists: boolean): OffstageError {
  const server = `The MCP server "${config.name}" could not be started`;
  if (!folderExists) {
    return new OffstageError("SERVER_START", `${server}: its folder ${config.cwd} does not exist.`, { hint: `Correct "cwd" of "${config.name}" in mcp.json.`, cause });
  }
  if (cause.code === "ENOENT") {
    return new OffstageError("SERVER_START", `${server}: the command "${config.command}" was not found.`, {
      hint: `Install it, or correct "command" of "${config.name}" in mcp.json.`,
      cause,
    });
  }
  // Node refuses a zero byte and quotes the whole value, escaped, so that no secret in it would be found.
  const why = cause.code === "ERR_INVALID_ARG_VALUE" ? cause.message.replace(/\.? Received .*$/s, "") : cause.message;
  return new OffstageError("SERVER_START", `${server}: ${why}.`, { hint: `Look at "command" of "${config.name}" in mcp.json: it must name a program that may be executed.`, cause });
}

/** The process ended, or closed its output, although it was needed. `lastLines` are redacted; `told` is what they tell of its entry. */
export function exitFailure(name: string, end: ProcessEnd, lastLines: readonly string[], { wasReady, sandboxed, told = [] }: { readonly wasReady: boolean; readonly sandboxed: boolean; readonly told?: readonly string[] }): OffstageError {
  const how = end.signal !== null ? `was ended by ${end.signal}` : end.code !== null ? `ended with exit code ${end.code}` : "closed its connection";
  const when = wasReady ? "" : " before it was ready";
  return new OffstageError("SERVER_EXITED", `The MCP server "${name}" ${how}${when}.${quoteLines(lastLines)}`, {
    hint: wasReady ? "It is started again when it is next needed; its log says more." : `${told.length > 0 ? told.join(" ") : "Check its command, arguments and environment in mcp.json."}${sandboxed ? " It runs in a sandbox, where it finds only what `servers: { …: { sandbox: { read: […] } } }` in offstage.yaml lets it read." : ""}`,
  });
}

/** It wrote something that is not the protocol. `firstLine` is redacted. */
export function garbageFailure(name: string, firstLine: string, tooLong: boolean): OffstageError {
  const shown = JSON.stringify(shorten(firstLine, QUOTE));
  return tooLong
    ? new OffstageError("SERVER_GARBAGE", `The MCP server "${name}" wrote a line that is too long to be held; it begins with ${shown}.`, { hint: "Ask for less at once." })
    : new OffstageError("SERVER_GARBAGE", `The MCP server "${name}" wrote to its standard output something that is not MCP: ${shown}.`, {
        hint: "Its command must start an MCP server on stdio that logs to stderr only.",
      });
}

/** It does not read what it is sent: a message was not sent. */
export function unreadFailure(name: string, waitingBytes: number): OffstageError {
  return new OffstageError("SERVER_TIMEOUT", `The MCP server "${name}" does not read what it is sent: ${Math.round(waitingBytes / 1024 / 1024)} MiB wait for it.`, { hint: "It hangs, or is slower than the calls: end it, or give it a `rate` in its profile." });
}

/** It did not answer the handshake. `told` as of {@link exitFailure}; `kept` is what our environment has that it may have needed. */
export function silenceFailure(name: string, ms: number, lastLines: readonly string[], { told, kept }: { readonly told: readonly string[]; readonly kept: string | null }): OffstageError {
  return new OffstageError("SERVER_TIMEOUT", `The MCP server "${name}" did not answer within ${formatDuration(ms)} after its start.${quoteLines(lastLines)}`, {
    hint: told.length > 0 ? told.join(" ") : `Start it by hand to see what it waits for. It gets PATH, HOME, LANG and what its \`env\` names${kept === null ? ": behind a proxy that is HTTPS_PROXY and NODE_EXTRA_CA_CERTS too" : `. ${kept}`}.`,
  });
}

function quoteLines(lines: readonly string[]): string {
  const quoted = lines.map((line) => shorten(line, QUOTE)).join(" | ");
  // More may be said after it.
  return quoted === "" ? "" : ` Its last words: ${quoted}${/[.!?…]$/.test(quoted) ? "" : "."}`;
}
