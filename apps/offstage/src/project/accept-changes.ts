import { OffstageError } from "offstage/base";
import { allWarnings, type Lock, type LockedServer, type LockedTool, type ToolWarning } from "offstage/tools";
import type { LockChange } from "./lock-diff.ts";

/** Which changes a lock takes over. What is not accepted keeps its old pin: runs refuse to call what is another tool by now. */
export interface Acceptance {
  /** Null: what is about the server as a whole. */
  accepts(server: string, tool: string | null): boolean;
}

/** Accepts everything, or what is named, a server (with all its tools) or `server.tool`; what `heldBack` names needs to be named as a tool. */
export function acceptanceOf(named: readonly string[], heldBack: ReadonlySet<string>): Acceptance {
  return {
    accepts(server, tool) {
      const whole = named.length === 0 || named.includes(server);
      if (tool === null) return whole;
      const name = `${server}.${tool}`;
      return named.includes(name) || (whole && !heldBack.has(name));
    },
  };
}

/** Throws `USAGE` for a name that none of the changes has. */
export function refuseUnknownNames(named: readonly string[], changes: readonly LockChange[]): void {
  const unknown = named.filter((name) => !changes.some(({ server, tool }) => name === server || name === `${server}.${tool ?? ""}`));
  if (unknown.length === 0) return;
  throw new OffstageError("USAGE", `Nothing called ${unknown.join(", ")} differs from offstage.lock.`, { hint: "`offstage lock --check` lists what differs; --accept takes a server or server.tool of it." });
}

/** The lock that has the accepted changes of `after` and is as `before` otherwise. */
export function acceptChanges(before: Lock, after: Lock, acceptance: Acceptance): Lock {
  const names = [...new Set([...before.servers.keys(), ...after.servers.keys()])];
  const servers = names.flatMap((name) => {
    const server = acceptServer(name, before.servers.get(name), after.servers.get(name), acceptance);
    return server === null ? [] : [[name, server] as const];
  });
  return { ...after, servers: new Map(servers) };
}

function acceptServer(name: string, before: LockedServer | undefined, after: LockedServer | undefined, acceptance: Acceptance): LockedServer | null {
  if (after === undefined) return before === undefined || acceptance.accepts(name, null) ? null : before;
  const tools = new Map<string, LockedTool>();
  for (const tool of new Set([...after.tools.keys(), ...(before?.tools.keys() ?? [])])) {
    const kept = (acceptance.accepts(name, tool) ? after : before)?.tools.get(tool);
    if (kept !== undefined) tools.set(tool, kept);
  }
  if (before === undefined) return tools.size > 0 || acceptance.accepts(name, null) ? { ...after, tools } : null;
  // What was never pinned is no change that anybody could refuse.
  const introduction = before.introduction ?? after.introduction;
  const about = acceptance.accepts(name, null) ? after : { ...before, ...(introduction === undefined ? {} : { introduction }) };
  return { ...about, tools };
}

/** What is odd in a lock's texts that was not in the former one's. */
export function newWarnings(before: Lock, after: Lock): readonly ToolWarning[] {
  const known = new Set(warningsOf(before).map(warningKey));
  return warningsOf(after).filter((warning) => !known.has(warningKey(warning)));
}

/** Tools that were pinned and whose text became odd: a server that turns on those who trust it does just that. */
export function heldBackBy(warnings: readonly ToolWarning[], before: Lock): ReadonlySet<string> {
  return new Set(warnings.flatMap(({ server, tool, kind }) => (tool !== null && kind !== "same-name" && before.servers.get(server)?.tools.has(tool) === true ? [`${server}.${tool}`] : [])));
}

function warningsOf(lock: Lock): readonly ToolWarning[] {
  return allWarnings([...lock.servers].map(([server, { tools, introduction }]) => ({ server, instructions: introduction?.instructions ?? null, tools: new Map([...tools].map(([tool, { definition }]) => [tool, definition])) })));
}

function warningKey({ server, tool, where, kind, found }: ToolWarning): string {
  return JSON.stringify([server, tool, where, kind, found]);
}
