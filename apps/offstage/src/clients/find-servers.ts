import { isOffstageError, type Redactor, referencesIn } from "offstage/base";
import { looksSecret } from "../config/secret-looks.ts";
import { SERVER_NAME } from "../config/server-entry.ts";
import { escapeControls } from "../terminal.ts";
import { type ClientFile, clientFiles, type Machine } from "./client-files.ts";
import { type ForeignEntry, readForeignEntry } from "./foreign-entry.ts";
import { translateReferences } from "./foreign-references.ts";
import { type ListedServer, listedServers } from "./listed-servers.ts";
import { readClientFile } from "./read-client-file.ts";
import { createVariableNames } from "./variable-names.ts";
import { textsOf, withoutSecrets } from "./without-secrets.ts";

/** A server that another client has and that can be imported: no secret is in it. */
export interface FoundServer {
  readonly name: string;
  /** As `--import` names it, with the server: `cursor`. */
  readonly client: string;
  /** The files that have it, for people. */
  readonly files: readonly string[];
  /** As `mcp.json` has it. */
  readonly entry: ForeignEntry;
  /** The variables that it refers to; `place` says where in the first of `files` the value stands that a reference was written for. */
  readonly variables: readonly { readonly name: string; readonly place: string | null }[];
  /** Who has another one of this name, and comes first. */
  readonly collides: "project" | "client" | null;
}

/** What another client has that cannot be imported; `name` is null for a whole file. */
export interface LeftOut {
  readonly name: string | null;
  readonly file: string;
  readonly why: string;
}

/** What is found on this machine. */
export interface Finding {
  readonly servers: readonly FoundServer[];
  readonly leftOut: readonly LeftOut[];
}

/** What the project has already. */
export interface Known {
  readonly servers: ReadonlySet<string>;
  /** Variables that its config refers to. */
  readonly variables: ReadonlySet<string>;
}

/**
 * Looks into the configs of other clients for servers. Nothing is started and nothing written; every secret that is met is registered, so
 * that nothing which is printed afterwards can hold one.
 */
export async function findServers(folder: string, machine: Machine, known: Known, redactor: Redactor): Promise<Finding> {
  const leftOut: LeftOut[] = [];
  const listed: Listed[] = [];
  for (const file of clientFiles(folder, machine)) {
    const read = await readClientFile(file.path, file.format === "codex" ? "toml" : "json");
    if (read.kind === "useless") leftOut.push({ name: null, file: file.shown, why: read.why });
    if (read.kind !== "data") continue;
    for (const server of listedServers(read.data, file.format, folder)) {
      const made = readListed(server, file);
      if ("why" in made) leftOut.push(made);
      else listed.push(made);
    }
  }
  const referred = new Set([...known.variables, ...listed.flatMap(({ entry }) => variablesOf(entry))]);
  const names = createVariableNames(referred);
  const seen = new Set<string>();
  const servers: FoundServer[] = [];
  for (const { name, client, files, entry } of merged(listed)) {
    const cleared = withoutSecrets(name, entry, names);
    const moved = cleared.ok ? cleared.moved : [];
    for (const { value } of moved) keepOut(value, name, redactor);
    const why = cleared.ok ? unshowable(cleared.entry) : cleared.why;
    if (!cleared.ok || why !== null) {
      leftOut.push({ name, file: files[0] ?? "", why: why ?? "" });
      continue;
    }
    const variables = variablesOf(cleared.entry).map((variable) => ({ name: variable, place: moved.find((one) => one.variable === variable)?.place ?? null }));
    servers.push({ name, client, files, entry: cleared.entry, variables, collides: known.servers.has(name) ? "project" : seen.has(name) ? "client" : null });
    seen.add(name);
  }
  return { servers, leftOut };
}

interface Listed {
  readonly name: string;
  readonly client: string;
  readonly files: readonly string[];
  readonly entry: ForeignEntry;
}

function readListed(server: ListedServer, file: ClientFile): Listed | LeftOut {
  const place = server.project === null ? file.shown : `${file.shown} (${looksSecret(server.project) ? "another project" : escapeControls(server.project.slice(0, 200))})`;
  const name = server.name.trim().replace(/[^A-Za-z0-9_-]+/g, "-").replace(/^[^A-Za-z]+|-+$/g, "").slice(0, 64);
  const refuse = (why: string): LeftOut => ({ name: looksSecret(server.name) ? "a server" : escapeControls(server.name.slice(0, 64)), file: place, why });
  if (looksSecret(server.name)) return refuse("its name looks like a secret");
  if (!SERVER_NAME.test(name)) return refuse("its name has no letter to begin with");
  const read = readForeignEntry(server.entry, file.format);
  if (!read.ok) return refuse(read.why);
  const translated = translateReferences(read.entry, { format: file.format, inputs: server.inputs });
  return translated.ok ? { name, client: file.client, files: [place], entry: translated.entry } : refuse(translated.why);
}

/** What several clients have alike is one server. */
function merged(listed: readonly Listed[]): readonly Listed[] {
  const byText = new Map<string, Listed>();
  for (const one of listed) {
    const key = JSON.stringify([one.name, one.entry]);
    const same = byText.get(key);
    byText.set(key, same === undefined ? one : { ...same, files: [...same.files, ...one.files] });
  }
  return [...byText.values()];
}

/** Who looks at a command has to see what would run. */
function unshowable(entry: ForeignEntry): string | null {
  return textsOf(entry).some((text) => escapeControls(text) !== text) ? "it holds characters that cannot be shown" : null;
}

function variablesOf(entry: ForeignEntry): readonly string[] {
  return [...new Set(textsOf(entry).flatMap(referencesIn).flatMap(({ inner }) => /^(?:env|secret):([^:]+)/.exec(inner)?.[1] ?? []))];
}

function keepOut(secret: string, server: string, redactor: Redactor): void {
  try {
    redactor.register(secret, server);
  } catch (error) {
    // Too short to be kept out of texts; it is in none of ours.
    if (!isOffstageError(error)) throw error;
  }
}
