import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { type JsonObject, OffstageError } from "offstage/base";
import { type ExportSource, type ServerFile, serverFileNames } from "offstage/bundle";
import { namedServers, ownModules, type Program, programFamily } from "offstage/program";
import { generateServerTypes, type Learnt, type Lock, serverIdentifiers, withOnlyServers } from "offstage/tools";
import { readForeignEntry } from "../clients/foreign-entry.ts";
import { withoutSecrets } from "../clients/without-secrets.ts";
import { plainJson } from "../config/plain-json.ts";
import { parsePositioned } from "../config/positioned-data.ts";
import { readDocument } from "../config/read-document.ts";
import { holdsToken, looksSecret } from "../config/secret-looks.ts";
import { isSecretName } from "../config/secret-names.ts";
import { SERVERS_FILE } from "../config/server-entry.ts";
import { SETTINGS_FILE } from "../config/settings.ts";
import type { ProjectCompiler } from "../project/compile.ts";
import { compileForRun } from "../project/compile-for-run.ts";
import type { Project } from "../project/load-project.ts";
import { OWN_FOLDER, readModule } from "../project/read-module.ts";
import { needsOf } from "./needs-of.ts";
import { importsBeyond, ownPackages } from "./own-packages.ts";
import { type OwnTexts, readOwnTexts } from "./own-texts.ts";
import { trimSettings } from "./trim-settings.ts";

/** Packages that every export carries. */
const OURS: ReadonlySet<string> = new Set(["offstage", "@offstage/cli"]);

/** What an export is made from, and what of it may not work elsewhere, for people. */
export interface ReadSource {
  readonly source: ExportSource;
  readonly warnings: readonly string[];
}

/** What `mcp.json` holds, as text has it. */
interface ServersText {
  readonly entries: { readonly [name: string]: JsonObject };
  readonly inputs: readonly JsonObject[];
}

/**
 * Reads what belongs to a workflow of a project, without resolving a secret. Errors: `WORKFLOW_NOT_FOUND`, the workflow's faults, `EXPORT_REFUSED` where a
 * secret is written out.
 */
export async function readSource(project: Project, compiler: ProjectCompiler, workflow: string): Promise<ReadSource> {
  const types = await compiler.types();
  const program = await compileForRun(compiler, workflow, types, project.settings);
  const servers = new Set(programFamily(program).flatMap((one) => [...namedServers(one), ...importedServers(one, types.lock)]));
  const { entries, inputs } = readServers(project.folder, servers);
  const written = textOf(project.folder, SETTINGS_FILE);
  const { text: settingsText, data: settings, leftOut } = trimSettings(written, written === "" ? {} : dataOf(written), program);
  refuseWrittenSecrets({ entries, inputs }, settings);
  const lock = withOnlyServers(types.lock, servers);
  const learnt = withOnly(types.learnt, servers);
  const profiles = types.profiles.filter(({ server }) => servers.has(server));
  const texts = [
    ...Object.entries(entries).map(([name, entry]) => ({ text: textsIn(entry).join("\n"), place: `${SERVERS_FILE}, ${name}` })),
    { text: textsIn(settings).join("\n"), place: SETTINGS_FILE },
    // The URL of a database has a password in it, whatever its variable is called.
    { text: textsIn((settings["store"] as JsonObject | undefined)?.["postgres"]).join("\n"), place: SETTINGS_FILE, hidden: true },
  ];
  const own = await ownOf(project.folder, program);
  const sources = new Map([...sourcesOf(project.folder, program), ...own.texts]);
  const code = new Map([...own.texts].filter(([file]) => /\.[cm]?[jt]s$/.test(file)));
  const { packages, unknown } = ownPackages(project.folder, [...code.values()]);
  const source: ExportSource = {
    program, sources, packages, serverFiles: Object.entries(entries).flatMap(([name, entry]) => filesOf(project.folder, name, entry)), servers: entries, inputs, settings, settingsText, lock, learnt,
    profiles: profiles.map(({ server, program: profile, types: told }) => withOwnSource(project.folder, { server, program: profile, types: told })),
    serverTypes: generateServerTypes({ lock, learnt, profiles: profiles.map((profile) => profile.types) }),
    needs: needsOf({ texts, inputs: project.settings.inputs, declared: inputs.flatMap(({ id, password }) => (typeof id === "string" ? [{ id, password: password === true }] : [])), isSecret: (name) => isSecretName(name, project.settings) }),
  };
  refuseWrittenTokens([...source.sources, ...source.profiles.map((profile): readonly [string, string] => [`profiles/${profile.server}.ts`, profile.source ?? ""])]);
  const warnings = [
    ...filesWarning(serverFileNames(source.serverFiles)),
    ...leftOut.map((name) => `${SETTINGS_FILE}: without ${name}, which ${workflow} does not listen to.`),
    ...own.left.map((file) => `without ${file}.`),
    ...importsBeyond(code, (file) => sources.has(file)).map((what) => `${what}, which the export does not have: put it below ${OWN_FOLDER}, as a file of text.`),
    ...unknown.filter((name) => !OURS.has(name)).map((name) => `${OWN_FOLDER} imports ${name}, of which package.json names no version that can be had elsewhere: the export does not ask for it. npm install ${name} here, and export again.`),
  ];
  return { source, warnings };
}

/** One line for all of them: most servers are started alike. */
function filesWarning(files: ReturnType<typeof serverFileNames>): readonly string[] {
  if (files.length === 0) return [];
  return [`The export does not have what servers are started with on this machine: ${files.map(({ path, servers }) => `${path} (${servers})`).join(", ")}. Put ${files.length === 1 ? "it" : "each"} where mcp.json names it there.`];
}

/** What a text imports it needs to check, also where it uses nothing of it. */
function importedServers({ debug }: Program, { servers }: Pick<Lock, "servers">): readonly string[] {
  const names = new Set((debug.marks ?? []).flatMap((mark) => (mark.kind === "import" && mark.from === "#servers" ? mark.names : [])));
  return [...serverIdentifiers(servers.keys())].filter(([, identifier]) => names.has(identifier)).map(([server]) => server);
}

function readServers(folder: string, servers: ReadonlySet<string>): ServersText {
  const file = JSON.parse(plainJson(textOf(folder, SERVERS_FILE) || "{}")) as { readonly [part: string]: unknown };
  const all = { ...(file["mcpServers"] as ServersText["entries"]), ...(file["servers"] as ServersText["entries"]) };
  const entries = Object.fromEntries(Object.entries(all).filter(([name]) => servers.has(name)).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return { entries, inputs: (file["inputs"] ?? []) as readonly JsonObject[] };
}

/** The files were read before, when the project was loaded: what is wrong with them was told then. */
function textOf(folder: string, file: string): string {
  const read = readDocument(resolve(folder, file), file);
  return read.kind === "text" ? read.text : "";
}

function dataOf(text: string): JsonObject {
  const parsed = parsePositioned(text, SETTINGS_FILE);
  return parsed.ok ? ((parsed.document.data ?? {}) as JsonObject) : {};
}

/** What is exported is shown to others, put into repositories and images. */
function refuseWrittenSecrets({ entries, inputs }: ServersText, settings: JsonObject): void {
  for (const [name, entry] of Object.entries(entries)) {
    const read = readForeignEntry(entry, "mcpServers");
    if (!read.ok) continue;
    const taken: string[] = [];
    const cleared = withoutSecrets(name, read.entry, { take: (_server, purpose) => `${name}_${purpose}`.replace(/[^A-Za-z0-9]+/g, "_").toUpperCase().slice(0, 60) });
    if (!cleared.ok) throw refused(`${SERVERS_FILE}: of the server ${name}, ${cleared.why}.`);
    taken.push(...cleared.moved.map(({ place, variable }) => `${place} → \${env:${variable}}`));
    if (taken.length > 0) throw refused(`${SERVERS_FILE}: a secret of the server ${name} is written out.`, `Set a variable, and refer to it: ${taken.join(", ")}.`);
  }
  for (const [file, texts] of [[SERVERS_FILE, textsIn(inputs)], [SETTINGS_FILE, textsIn(settings)]] as const) {
    if (texts.some((text) => looksSecret(withoutReferences(text)))) throw refused(`${file}: something that looks like a secret is written out.`);
  }
}

/** Texts of programs: comments are exported with them. */
function refuseWrittenTokens(sources: Iterable<readonly [file: string, text: string]>): void {
  for (const [file, text] of sources) {
    const line = text.split("\n").findIndex(holdsToken);
    if (line !== -1) throw refused(`${file}:${line + 1}: something that looks like a secret is written out.`, "No text of a workflow has to hold one: servers get their secrets from mcp.json, where ${env:NAME} refers to it.");
  }
}

/** What a reference stands for is not written out, also where it is the password of a URL; what holds in its place is. */
function withoutReferences(text: string): string {
  return text.replace(/\$\{(?![^}]*:-)[^}]*\}/g, "");
}

function refused(message: string, hint = "Refer to it, as ${env:NAME}: what is exported is shown to others."): OffstageError {
  return new OffstageError("EXPORT_REFUSED", message, { hint });
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function withOnly(learnt: Learnt, servers: ReadonlySet<string>): Learnt {
  return { ...learnt, servers: new Map([...learnt.servers].filter(([name]) => servers.has(name))) };
}

function sourcesOf(folder: string, program: Program): ReadonlyMap<string, string> {
  return new Map(programFamily(program).map(({ debug }): [string, string] => [debug.file, readModule(folder, debug.file) ?? debug.source]));
}

/** Nobody has own code who calls none. */
async function ownOf(folder: string, program: Program): Promise<OwnTexts> {
  return programFamily(program).some((one) => ownModules(one).length > 0) ? readOwnTexts(folder) : { texts: new Map(), left: [] };
}

function withOwnSource(folder: string, profile: Pick<ExportSource["profiles"][number], "server" | "program" | "types">): ExportSource["profiles"][number] {
  const source = readModule(folder, `profiles/${profile.server}.ts`);
  return source === null ? profile : { ...profile, source };
}

/** What a server is started from, or with, may be a file of this project, or of this machine: the export does not have it. */
function filesOf(folder: string, server: string, entry: JsonObject): readonly ServerFile[] {
  const from = resolve(folder, placed(typeof entry["cwd"] === "string" ? entry["cwd"] : ".", folder));
  const words = [entry["command"], ...(Array.isArray(entry["args"]) ? entry["args"] : []), ...Object.values((entry["env"] ?? {}) as JsonObject)].filter((word) => typeof word === "string");
  return [...new Set(words.flatMap((word) => pathsIn(word)))].filter((path) => existsSync(resolve(from, placed(path, folder)))).map((path) => ({ server, path }));
}

/** `server.mjs`, and what stands behind a flag, `--import=./preload.mjs`; a path has a separator. */
function pathsIn(word: string): readonly string[] {
  return word.split(" ").map((part) => part.replace(/^-[\w-]*=/, "")).filter((part) => /[\\/]/.test(part) && !part.startsWith("-") && !/^[a-z]+:\/\//i.test(part));
}

function placed(path: string, folder: string): string {
  return path.replaceAll("${workspaceFolder}", folder);
}
