import { type Diagnostic, nearestName } from "offstage/base";
import { namedServers, type Program } from "offstage/program";
import { SERVERS_FILE } from "../config/server-entry.ts";

/**
 * The servers of a checked workflow that the lock knows and `mcp.json` does not: renamed, taken out or disabled since. Each is told
 * at its first name in the text; a run could not reach it.
 */
export function missingServers(program: Pick<Program, "tools" | "offers">, configured: readonly string[], { file, source }: { readonly file: string; readonly source: string }): readonly Diagnostic[] {
  return namedServers(program).filter((server) => !configured.includes(server)).map((server) => {
    const before = source.slice(0, Math.max(0, source.search(new RegExp(`\\b${server}\\b`)))).split("\n");
    return missingServer(server, configured, { file, line: before.length, column: (before.at(-1) ?? "").length + 1 }, "Name it there as the workflow does, or change the workflow and run `offstage lock`.");
  });
}

/** A profile of no server: it says nothing of any call, and whoever wrote it thinks that it does. None where its server is there. */
export function missingServerOf(file: string, server: string, configured: readonly string[]): readonly Diagnostic[] {
  return configured.includes(server) ? [] : [missingServer(server, configured, { file, line: 1, column: 1 }, "A profile is called as its server is there: profiles/<server>.ts.")];
}

function missingServer(server: string, configured: readonly string[], place: Pick<Diagnostic, "file" | "line" | "column">, advice: string): Diagnostic {
  const near = nearestName(server, configured);
  return {
    code: "SERVER_UNKNOWN", severity: "error", ...place,
    message: `${SERVERS_FILE} has no server ${server}${configured.length === 0 ? "" : `; it has ${configured.join(", ")}`}.`,
    hint: `${near === null ? "" : `Did you mean ${near}? `}${advice}`,
  };
}
