import { readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type Diagnostic, nearestName, OffstageError, referencesIn } from "offstage/base";
import type { ServerSandbox, StdioServerConfig } from "offstage/mcp";
import { interpreterFolders } from "./interpreter-folders.ts";
import { configFault, START } from "./read-document.ts";
import type { ResolvedServer } from "./resolve-server.ts";
import { contains, fromRoots, onTheWay, outermost, realPlace, refuseOwn, withoutLinks, type Writable } from "./sandbox-paths.ts";
import type { SandboxSettings } from "./sandbox-settings.ts";
import type { SecretPlaces } from "./secret-sources.ts";
import { type ServerEntry, SERVERS_FILE, type ServersFile } from "./server-entry.ts";
import { type Settings, SETTINGS_FILE } from "./settings.ts";

/** The system's programs, and what they need to run. Everything else of the machine is hidden on Linux. */
const SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/opt", "/nix", "/gnu", "/snap", "/run/current-system", "/var/lib/ca-certificates"];
/** Where secrets stand among settings, kept from others by their permissions, which root does not meet. */
const GUARDED = ["/etc", "/usr/local/etc", "/opt"];
/** Those whose folder says it already. */
const SECRETS = ["/etc/ssh", "/etc/ssl/private", "/etc/kubernetes"];
/** Nobody's programs are there, and much that is nobody's business. */
const HOMES = ["/Users", "/Volumes", "/home", "/root", "/private/var/root", "/private/etc/master.passwd", "/private/etc/ssh"];
/** Below a home: where installers keep the programs whose links are on the PATH. */
const PROGRAMS = [".local/share/uv", ".local/share/pipx", ".local/pipx", ".local/share/fnm", ".local/share/mise", ".nvm/versions", ".volta/tools", ".pyenv/versions", ".bun/install"];
/** Of a project: what decides over its servers and its writes, what they are made of, and its store. */
const OWN = [SERVERS_FILE, SETTINGS_FILE, "offstage.lock", "offstage.learnt.json", "workflows", "profiles", ".offstage", "tsconfig.json", "package.json", "node_modules"];

/** What is known of the machine and the project besides. */
export interface SandboxPlaces extends SecretPlaces {
  readonly platform: NodeJS.Platform;
  /** The project's files whose names begin with `.env`. */
  readonly dotEnv: readonly string[];
  /** Absolute: the store, the tokens, files with secrets. */
  readonly kept: readonly string[];
  /** Of all sandboxed servers. */
  readonly writable: readonly Writable[];
  /** Folders that the server's program needs to start, wherever they are. */
  readonly interpreters: readonly string[];
}

/** A server with the sandbox that the settings give it. Errors: `CONFIG_INVALID`, also for one that we do not start. */
export function withSandbox(server: ResolvedServer, settings: SandboxSettings | undefined, places: Omit<SandboxPlaces, "dotEnv" | "platform" | "interpreters">): ResolvedServer {
  const { config } = server;
  if (settings === undefined) return server;
  if (config.kind !== "stdio") throw new OffstageError("CONFIG_INVALID", `${SETTINGS_FILE}: the server ${config.name} runs elsewhere; it cannot be sandboxed here.`, { hint: "Take `sandbox` out." });
  const dotEnv = readdirSync(places.folder).filter((name) => name.startsWith(".env"));
  return { ...server, config: { ...config, sandbox: resolveSandbox(config, settings, { ...places, dotEnv, platform: process.platform, interpreters: interpreterFolders(config.command, { path: places.env["PATH"] ?? "", folder: config.cwd ?? places.folder, writable: places.writable }) }) } };
}

/**
 * The files, absolute, from which servers get their secrets, and those that `texts` name (the project's two files as they stand, which know of keys of models and
 * logins, and of servers that are taken out): no business of a server in a sandbox, not even of its own.
 */
export function secretFiles(servers: readonly ServerEntry[], folder: string, texts: readonly string[]): readonly string[] {
  const values = servers.flatMap((entry) => (entry.kind === "http" ? [entry.url, ...Object.values(entry.headers)] : [entry.command, ...entry.args, ...Object.values(entry.env)]));
  const named = [...values, ...texts].flatMap(referencesIn).flatMap(({ inner }) => (/^file:.*\S/s.test(inner) ? [inner.slice("file:".length)] : []));
  const envFiles = servers.flatMap((entry) => (entry.kind === "stdio" && entry.envFile !== null ? [entry.envFile.replaceAll("${workspaceFolder}", folder)] : []));
  return [...new Set([...named, ...envFiles].map((path) => resolve(folder, path)))];
}

/** Servers that only `offstage.yaml` names with a sandbox: a slip of the keyboard would leave another one open. */
export function sandboxFaults({ sandboxes }: Pick<Settings, "sandboxes">, file: Pick<ServersFile, "servers" | "disabled">): readonly Diagnostic[] {
  const names = [...file.servers.map(({ name }) => name), ...file.disabled];
  return [...sandboxes.keys()].filter((name) => !names.includes(name)).map((name) => {
    const near = nearestName(name, names);
    return configFault(SETTINGS_FILE, START, `servers.${name} has a sandbox, and ${SERVERS_FILE} has no server of that name.`, near === null ? "Name the server as it is called there." : `Did you mean ${near}?`);
  });
}

/**
 * What a server may touch. Without more said: read the system's programs, those on the PATH, and the project's folder but for its store and
 * `.env` files; write nothing that stays; reach no host. Errors: `CONFIG_INVALID` for a folder that it may not be given to write.
 */
export function resolveSandbox({ name, cwd }: Pick<StdioServerConfig, "name" | "cwd">, settings: SandboxSettings, { env, folder, platform, dotEnv, kept, writable, interpreters }: SandboxPlaces): ServerSandbox {
  const home = homeOf(env);
  if (contains(folder, home)) throw new OffstageError("CONFIG_INVALID", `${SETTINGS_FILE}: ${name} cannot be sandboxed in a project that is your home, or holds it: a server reads its project.`, { hint: "Move the project to a folder of its own." });
  const rules = { server: name, writable };
  const placed = (path: string): string => placeOf(path, { env, folder });
  const wanted = outermost(settings.write.map(placed));
  for (const path of wanted) refuseOwn(name, path, [...OWN.map((each) => join(folder, each)), ...kept].map(placed));
  const write = wanted.map((path) => withoutLinks(path, rules));
  // What a server may write it can put a link in the place of, which would be followed the next time.
  const others = (paths: readonly string[]): readonly string[] => paths.map(placed).filter((path) => !write.some((each) => contains(each, path))).map((path) => withoutLinks(path, rules));
  const read = others(settings.read);
  const around = cwd === undefined || contains(cwd, home) ? [] : others([cwd]);
  const programs = [...programsOf(env["PATH"] ?? "", home), ...interpreters.filter((path) => !contains(path, home) && (dirname(path) !== home || path.endsWith("/bin")))].filter((path) => !onTheWay(placed(path)).some((place) => writable.some((each) => each.path !== place && contains(each.path, place))));
  const linux = platform === "linux";
  // Said by name, an `.env` file can be read; the store cannot.
  const secrets = [...SECRETS, ...dotEnv.map((each) => placed(each))].filter((path) => ![...write, ...read].includes(path));
  const credentials = env["CREDENTIALS_DIRECTORY"];
  const hidden = [...secrets, join(folder, ".offstage"), ...kept, ...(credentials === undefined ? [] : [credentials])];
  const inHidden = hidden.map((path) => realPlace(path));
  const named = [realPlace(folder), ...around, ...read];
  return {
    hidden: [...new Set([...(linux ? ["/"] : [...HOMES, home]), ...hidden, ...inHidden])],
    entrywise: linux ? [...new Set(named.filter((each, index) => index === 0 || inHidden.some((path) => path !== each && contains(each, path))))] : [],
    readable: [...(linux ? SYSTEM : []), folder, ...around, ...programs, ...read],
    read,
    guarded: linux ? GUARDED : [],
    write,
    writable: writable.map(({ path }) => path),
    hosts: settings.hosts,
  };
}

/** What all sandboxed servers may write. */
export function writableOf({ sandboxes }: Pick<Settings, "sandboxes">, places: SecretPlaces): readonly Writable[] {
  return [...sandboxes].flatMap(([server, { write }]) => write.map((path) => ({ server, path: placeOf(path, places) })));
}

function placeOf(path: string, { env, folder }: SecretPlaces): string {
  const home = homeOf(env);
  const absolute = resolve(folder, path.replace(/^~(?=\/|$)/, home).replaceAll("${workspaceFolder}", folder).replaceAll("${userHome}", home));
  return fromRoots(absolute, [folder, home]);
}

function homeOf(env: SecretPlaces["env"]): string {
  return env["HOME"] ?? "/nonexistent";
}

/** The folders of the PATH; of one called `bin` or `shims` the folder around it too, where the programs are that it links to. */
function programsOf(path: string, home: string): readonly string[] {
  // What holds a home, or is one, is no folder of programs, whatever the PATH says.
  const folders = path.split(":").filter((entry) => entry.startsWith("/") && !contains(entry, home));
  const around = folders.filter((entry) => /\/(?:\.?bin|shims)$/.test(entry)).map((entry) => dirname(entry));
  // They hold more than programs; so does what stands at the root.
  const more = /\/\.(?:local|cargo|config|docker)$/;
  return [...folders, ...around.filter((entry) => !more.test(entry) && !contains(entry, home) && !HOMES.includes(dirname(entry)) && dirname(entry) !== "/"), ...PROGRAMS.map((name) => join(home, name))];
}
