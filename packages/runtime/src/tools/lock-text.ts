import type { Diagnostic } from "../base/index.ts";
import type { Data } from "../base/index.ts";
import type { LockedClass } from "./call-classes.ts";
import { field, isRecord, type ServerIntroduction, textField } from "./catalogue.ts";
import { type DocumentReader, readDocument } from "./document-reader.ts";
import type { JsonPath } from "./json-place.ts";
import { EMPTY_LOCK, hashTool, type Lock, lockData, type LockedServer, type LockedTool } from "./lock.ts";
import { printSorted } from "./pinned-json.ts";

const HINT = "offstage.lock is generated: take it back from git, or delete it and run `offstage lock`, and review the difference.";

/** The one text of a lock: members sorted, so that a change in git shows what changed and nothing else. */
export function printLock(lock: Lock): string {
  return printSorted(lockData(lock));
}

/**
 * Reads `offstage.lock`. Never throws: faults are `LOCK_INVALID` diagnostics with line and column, and what they touch is
 * left out of the lock, which nobody may use then. A definition that was edited by hand no longer has its hash: a fault.
 */
export function parseLock(text: string, file = "offstage.lock"): { readonly lock: Lock; readonly diagnostics: readonly Diagnostic[] } {
  const reader = readDocument(text, file, HINT);
  if (reader.root === undefined) return { lock: EMPTY_LOCK, diagnostics: reader.diagnostics };
  const version = field(reader.root, "version");
  if (version !== 1) {
    reader.fault(["version"], typeof version === "number" && version > 1 ? "is of a newer Offstage: update it" : "must be 1");
    return { lock: EMPTY_LOCK, diagnostics: reader.diagnostics };
  }
  const servers = new Map<string, LockedServer>();
  for (const [name, server] of reader.members(field(reader.root, "servers"), ["servers"])) {
    servers.set(name, readServer(reader, server, ["servers", name]));
  }
  return { lock: { version: 1, servers }, diagnostics: reader.diagnostics };
}

function readServer(reader: DocumentReader, value: Data, path: JsonPath): LockedServer {
  const info = field(value, "info");
  const protocol = field(value, "protocol");
  const introduction = field(value, "introduction");
  const tools = new Map<string, LockedTool>();
  for (const [name, tool] of reader.members(field(value, "tools"), [...path, "tools"])) {
    const read = readTool(reader, name, tool, [...path, "tools", name]);
    if (read !== null) tools.set(name, read);
  }
  return {
    source: reader.text(value, "source", path),
    info: { name: reader.text(info, "name", [...path, "info"]), version: reader.text(info, "version", [...path, "info"]) },
    protocol: {
      era: reader.choice(protocol, "era", ["legacy", "modern"], [...path, "protocol"]),
      revision: reader.text(protocol, "revision", [...path, "protocol"]),
    },
    ...(introduction === undefined ? {} : { introduction: readIntroduction(reader, introduction, [...path, "introduction"]) }),
    tools,
  };
}

function readIntroduction(reader: DocumentReader, value: Data, path: JsonPath): ServerIntroduction {
  const instructions = field(value, "instructions");
  if (instructions !== null && typeof instructions !== "string") reader.fault([...path, "instructions"], "must be a text, or null");
  return { capabilities: field(value, "capabilities") ?? {}, instructions: typeof instructions === "string" ? instructions : null };
}

function readTool(reader: DocumentReader, name: string, value: Data, path: JsonPath): LockedTool | null {
  const definition = field(value, "definition");
  const hash = reader.text(value, "hash", path);
  if (!isRecord(definition)) {
    reader.fault([...path, "definition"], "must be an object");
    return null;
  }
  if (textField(definition, "name") !== name) {
    reader.fault([...path, "definition", "name"], `must be ${JSON.stringify(name)}`);
    return null;
  }
  if (hashTool(definition) !== hash) {
    reader.fault([...path, "hash"], "is not the hash of this definition: one of them was edited");
    return null;
  }
  const classes = reader.items(field(value, "classes"), [...path, "classes"]).map((entry, index) => readClass(reader, entry, [...path, "classes", index]));
  return { hash, classes, definition };
}

function readClass(reader: DocumentReader, value: Data, path: JsonPath): LockedClass {
  const rule = field(value, "rule");
  const when = textField(value, "when");
  const condition = textField(value, "condition");
  if (rule !== null && !(typeof rule === "number" && Number.isInteger(rule) && rule >= 0)) {
    reader.fault([...path, "rule"], "must be the index of a rule, or null");
  }
  return {
    rule: typeof rule === "number" ? rule : null,
    // Writes and nobody's word come first: they stand in for what cannot be read.
    effect: reader.choice(value, "effect", ["write", "prepare", "read"], path),
    from: reader.choice(value, "from", ["default", "profile", "policy", "hint"], path),
    ...(when === undefined ? {} : { when }),
    ...(condition === undefined ? {} : { condition }),
  };
}
