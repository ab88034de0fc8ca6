import { type Data, OffstageError } from "../base/index.ts";
import type { LockedClass } from "./call-classes.ts";
import type { Catalogue, ProtocolInfo, RawTool, ServerInfo, ServerIntroduction } from "./catalogue.ts";
import { hashData } from "./pinned-json.ts";

/** `offstage.lock`: what a project has seen of its servers and stands by. Made by `offstage lock`, reviewed in git. */
export interface Lock {
  readonly version: 1;
  readonly servers: ReadonlyMap<string, LockedServer>;
}

/** One server of a lock. */
export interface LockedServer {
  /** The package (`@scope/name@1.2.3`) or URL, as configured; the command's name when it is neither. */
  readonly source: string;
  readonly info: ServerInfo;
  readonly protocol: ProtocolInfo;
  /** Absent in locks of before it was pinned: then it is not compared. */
  readonly introduction?: ServerIntroduction;
  readonly tools: ReadonlyMap<string, LockedTool>;
}

/** One pinned tool. */
export interface LockedTool {
  /** {@link hashTool} of the tool: what a live one is compared with. */
  readonly hash: string;
  /** Every call's class, one entry for each rule of the profile. */
  readonly classes: readonly LockedClass[];
  /** Everything the server said of the tool, its name included. */
  readonly definition: RawTool;
}

/** A lock without servers. */
export const EMPTY_LOCK: Lock = { version: 1, servers: new Map() };

/** SHA-256 (hex) of everything that a server says of a tool: a changed hint, description or `_meta` is a changed tool. */
export function hashTool(tool: RawTool): string {
  return hashData(tool);
}

/** Pins what a server offers now. `classes` says what each tool's calls are (`classesOf`). */
export function lockServer(catalogue: Catalogue, source: string, classes: (tool: string, definition: RawTool) => readonly LockedClass[]): LockedServer {
  const tools = new Map<string, LockedTool>();
  for (const [name, definition] of catalogue.tools) {
    tools.set(name, { hash: hashTool(definition), classes: classes(name, definition), definition });
  }
  return { source, info: catalogue.info, protocol: catalogue.protocol, ...(catalogue.introduction === undefined ? {} : { introduction: catalogue.introduction }), tools };
}

/** The lock with one server put in or replaced. */
export function withServer(lock: Lock, name: string, server: LockedServer): Lock {
  return { ...lock, servers: new Map([...lock.servers, [name, server]]) };
}

/** The lock without the servers that `keep` no longer names: those that left `mcp.json`. */
export function withOnlyServers(lock: Lock, keep: ReadonlySet<string>): Lock {
  return { ...lock, servers: new Map([...lock.servers].filter(([name]) => keep.has(name))) };
}

/** The pinned tool, or `NOT_LOCKED` with what to do about it. */
export function lockedTool(lock: Lock, server: string, tool: string): LockedTool {
  const pinned = lock.servers.get(server);
  if (pinned === undefined) {
    throw new OffstageError("NOT_LOCKED", `Server "${server}" is not in offstage.lock.`, { hint: "Run `offstage lock` and review what it adds." });
  }
  const found = pinned.tools.get(tool);
  if (found === undefined) {
    throw new OffstageError("NOT_LOCKED", `Server "${server}" has no tool "${tool}" in offstage.lock.`, {
      hint: `Look for it with \`offstage tools ${tool}\`; if the server got it since, run \`offstage lock\`.`,
    });
  }
  return found;
}

/** The pinned class of the calls that rule `rule` decides (null: none holds). A rule that the lock does not know is a write. */
export function lockedClass(tool: LockedTool, rule: number | null): LockedClass {
  return tool.classes.find((entry) => entry.rule === rule) ?? { rule, effect: "write", from: "default" };
}

/**
 * Hash of what a plan relies on: which tools are pinned, as which definitions, in which classes. A plan made under one
 * hash is void under another. Packages, versions and learnt schemas are not in it.
 */
export function classesHash(lock: Lock): string {
  const servers = [...lock.servers].map(([name, server]) => {
    const tools = [...server.tools].map(([tool, pinned]) => [tool, [pinned.hash, pinned.classes.map((entry) => [entry.rule, entry.effect])]] as const);
    return [name, Object.fromEntries(tools)] as const;
  });
  return hashData(Object.fromEntries(servers));
}

/** A lock as plain data: what `printLock` writes. */
export function lockData(lock: Lock): Data {
  const servers = [...lock.servers].map(([name, server]) => [name, serverData(server)] as const);
  return { version: lock.version, servers: Object.fromEntries(servers) };
}

function serverData(server: LockedServer): Data {
  const tools = [...server.tools].map(([name, tool]) => {
    const classes = tool.classes.map((entry) => ({ rule: entry.rule, effect: entry.effect, from: entry.from, ...(entry.when === undefined ? {} : { when: entry.when }), ...(entry.condition === undefined ? {} : { condition: entry.condition }) }));
    return [name, { hash: tool.hash, classes, definition: tool.definition }] as const;
  });
  return { source: server.source, info: { ...server.info }, protocol: { ...server.protocol }, ...(server.introduction === undefined ? {} : { introduction: { ...server.introduction } }), tools: Object.fromEntries(tools) };
}
