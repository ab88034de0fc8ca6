import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { JsonObject } from "offstage/base";
import { type ExportSource, type ServerFile, serverFileNames } from "offstage/bundle";
import { namedServers, ownModules, type Program, programFamily } from "offstage/program";
import { generateServerTypes, type Learnt, type Lock, serverIdentifiers, withOnlyServers } from "offstage/tools";
import { plainJson } from "../config/plain-json.ts";
import { parsePositioned } from "../config/positioned-data.ts";
import { readDocument } from "../config/read-document.ts";
import { isSecretName, mayHoldPassword } from "../config/secret-names.ts";
import { readInputMembers } from "../config/inputs.ts";
import { readMembers, SERVERS_FILE } from "../config/server-entry.ts";
import { SETTINGS_FILE } from "../config/settings.ts";
import type { ProjectCompiler } from "../project/compile.ts";
import { compileForRun } from "../project/compile-for-run.ts";
import type { Project } from "../project/load-project.ts";
import type { ModuleTexts } from "../project/module-texts.ts";
import { OWN_FOLDER, readModule } from "../project/read-module.ts";
import { needsOf, type ReferringTexts } from "./needs-of.ts";
import { importsBeyond, ownPackages } from "./own-packages.ts";
import { type OwnTexts, readOwnTexts } from "./own-texts.ts";
import { refuseSecrets } from "./refuse-secrets.ts";
import { trimSettings } from "./trim-settings.ts";

/** Packages that every export carries. */
const OURS: ReadonlySet<string> = new Set(["offstage", "@offstage/cli"]);

/** What an export is made from, and what of it may not work elsewhere, for people. */
export interface ReadSource {
  readonly source: ExportSource;
  readonly warnings: readonly string[];
}

/** What `mcp.json` holds, as text has it, without what nothing reads: nobody looks for secrets in notes. */
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
  const lock = withOnlyServers(types.lock, servers);
  const learnt = withOnly(types.learnt, servers);
  const told = types.profiles.filter(({ server }) => servers.has(server));
  const own = await ownOf(project.folder, program);
  const sources = new Map([...sourcesOf(project.texts, program), ...own.texts]);
  const profiles = told.map(({ server, program: profile, types: typed }) => withOwnSource(project.folder, { server, program: profile, types: typed }));
  const code = new Map([...own.texts].filter(([file]) => /\.[cm]?[jt]s$/.test(file)));
  const { packages, unknown } = ownPackages(project.folder, [...code.values()]);
  refuseSecrets({ servers: entries, inputs, settings, settingsText, sources, packages, profiles }, project.settings);
  const source: ExportSource = {
    program, sources, packages, serverFiles: Object.entries(entries).flatMap(([name, entry]) => filesOf(project.folder, name, entry)), servers: entries, inputs, settings, settingsText, lock, learnt, profiles,
    serverTypes: generateServerTypes({ lock, learnt, profiles: told.map((profile) => profile.types) }),
    needs: needsOf({ texts: referringTexts(entries, settings), inputs: project.settings.inputs, declared: inputs.flatMap(({ id, password }) => (typeof id === "string" ? [{ id, password: password === true }] : [])), isSecret: (name) => isSecretName(name, project.settings) || (!project.settings.plain.includes(name) && mayHoldPassword(name)) }),
  };
  const warnings = [
    ...filesWarning(serverFileNames(source.serverFiles)),
    ...leftOut.map((name) => `${SETTINGS_FILE}: without ${name}, which ${workflow} does not listen to.`),
    ...own.left.map((file) => `without ${file}.`),
    ...importsBeyond(code, (file) => sources.has(file)).map((what) => `${what}, which the export does not have: put it below ${OWN_FOLDER}, as a file of text.`),
    ...unknown.filter((name) => !OURS.has(name)).map((name) => `${OWN_FOLDER} imports ${name}, of which package.json names no version that can be had elsewhere: the export does not ask for it. npm install ${name} here, and export again.`),
  ];
  return { source, warnings };
}

/** Where references stand. */
function referringTexts(entries: ServersText["entries"], settings: JsonObject): ReferringTexts["texts"] {
  return [
    ...Object.entries(entries).map(([name, entry]) => ({ text: textsIn(entry).join("\n"), place: `${SERVERS_FILE}, ${name}` })),
    { text: textsIn(settings).join("\n"), place: SETTINGS_FILE },
    // The URL of a database has a password in it, whatever its variable is called; and so may that of a queue, where nothing of it is seen.
    { text: textsIn((settings["store"] as JsonObject | undefined)?.["postgres"]).join("\n"), place: SETTINGS_FILE, hidden: true },
    ...Object.values((settings["queues"] ?? {}) as { readonly [name: string]: JsonObject }).flatMap(({ url }) => (typeof url === "string" && /^\$\{[^}]*\}$/.test(url) ? [{ text: url, place: SETTINGS_FILE, hidden: true }] : [])),
  ];
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
  const entries = Object.entries(all).filter(([name]) => servers.has(name)).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return { entries: Object.fromEntries(entries.map(([name, entry]) => [name, readMembers(entry)])), inputs: ((file["inputs"] ?? []) as readonly JsonObject[]).map(readInputMembers) };
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

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function withOnly(learnt: Learnt, servers: ReadonlySet<string>): Learnt {
  return { ...learnt, servers: new Map([...learnt.servers].filter(([name]) => servers.has(name))) };
}

function sourcesOf(texts: ModuleTexts, program: Program): ReadonlyMap<string, string> {
  return new Map(programFamily(program).map(({ debug }): [string, string] => [debug.file, texts.read(debug.file) ?? debug.source]));
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
