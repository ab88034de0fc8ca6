import { canonicalJson, diffData, type Json } from "offstage/base";
import { compareTool, type Lock, type LockedServer, type LockedTool } from "offstage/tools";
import { classText } from "./class-text.ts";
import { changeText } from "./change-text.ts";

/** What is different between two locks, for people and for `--json`. */
export interface LockChange {
  readonly kind: "added" | "removed" | "changed";
  readonly server: string;
  /** Null when it is about the server as a whole. */
  readonly tool: string | null;
  /** Where it differs, one line each; `!` before what calls or uses that were right may trip over. */
  readonly details: readonly string[];
}

/** The differences that a person has to judge: servers, tools, definitions, classes, packages. */
export function diffLocks(before: Lock, after: Lock): readonly LockChange[] {
  const names = [...new Set([...before.servers.keys(), ...after.servers.keys()])].toSorted();
  return names.flatMap((server) => diffServers(server, before.servers.get(server), after.servers.get(server)));
}

function diffServers(server: string, before: LockedServer | undefined, after: LockedServer | undefined): readonly LockChange[] {
  if (after === undefined) return [{ kind: "removed", server, tool: null, details: [] }];
  if (before === undefined) return [{ kind: "added", server, tool: null, details: [`${after.source}, ${after.tools.size} tools`] }];
  const about = [
    ...(before.source === after.source ? [] : [`~ source: ${before.source} → ${after.source}`]),
    ...diffData({ ...before.info }, { ...after.info }).map(changeText),
    ...diffData({ ...before.protocol }, { ...after.protocol }).map(changeText),
  ];
  const tools = [...new Set([...before.tools.keys(), ...after.tools.keys()])].toSorted();
  return [...(about.length === 0 ? [] : [{ kind: "changed" as const, server, tool: null, details: about }]), ...tools.flatMap((tool) => diffTools(server, tool, before.tools.get(tool), after.tools.get(tool)))];
}

function diffTools(server: string, tool: string, before: LockedTool | undefined, after: LockedTool | undefined): readonly LockChange[] {
  if (after === undefined) return [{ kind: "removed", server, tool, details: [] }];
  if (before === undefined) return [{ kind: "added", server, tool, details: [classText(after)] }];
  const change = compareTool(tool, before, after.definition);
  const definition = change?.kind === "changed" ? change.differences.map(({ where, what, weight }) => `${weight === "breaking" ? "!" : "~"} ${where} ${what}`) : [];
  const classes = sameClasses(before, after) ? [] : [`~ class: ${classText(before)} → ${classText(after)}`];
  return definition.length + classes.length === 0 ? [] : [{ kind: "changed", server, tool, details: [...definition, ...classes] }];
}

function sameClasses(before: LockedTool, after: LockedTool): boolean {
  return canonicalJson(before.classes as unknown as Json) === canonicalJson(after.classes as unknown as Json);
}
