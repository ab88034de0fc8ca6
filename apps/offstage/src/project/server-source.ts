import { existsSync, readFileSync, realpathSync } from "node:fs";
import { basename, delimiter, dirname, isAbsolute, join } from "node:path";
import type { ServerConfig } from "offstage/mcp";
import { packageOf, scriptOf } from "offstage/tools";

/** They come in packages too, and are not the server. */
const INTERPRETER = /^(node|bun|deno|tsx|python[\d.]*)$/;
const RUNNER = /^(npx|npm|pnpm|pnpx|yarn|bunx|uvx?|pipx|docker|podman|cmd)$/i;

/**
 * What a server is made of, as far as its entry tells: `@scope/name@1.2.3` where a package is named or its file lies in
 * one, the URL of a remote one, else the command's name. For reviewing the lock and for finding a profile; nothing relies
 * on its being true. `searchPath` is PATH.
 */
export function serverSource(config: ServerConfig, searchPath: string): string {
  if (config.kind === "http") return config.url;
  const command = basename(config.command).replace(/\.(cmd|exe)$/i, "");
  const named = packageOf(config);
  const asNamed = named === null ? command : named.version === null ? (named.fetched ? `${named.name}@latest` : named.name) : `${named.name}@${named.version}`;
  if (named?.fetched === true || RUNNER.test(command)) return asNamed;
  // What is run, and nothing that it is only told of: a profile lets reach hosts.
  const run = INTERPRETER.test(command) ? scriptOf(command, config.args) : config.command;
  const file = run === null ? null : fileOf(run, config.cwd ?? ".", searchPath);
  return (file === null || !isInPackage(file) ? null : installedPackage(file)) ?? asNamed;
}

/** The real file behind a word of a command line; null when it is none. */
function fileOf(word: string, cwd: string, searchPath: string): string | null {
  const places = /[\\/]/.test(word) ? [isAbsolute(word) ? word : join(cwd, word)] : searchPath.split(delimiter).map((folder) => join(folder, word));
  const found = places.find((path) => existsSync(path));
  return found === undefined ? null : realpathSync(found);
}

function isInPackage(path: string): boolean {
  return /[\\/]node_modules[\\/]/.test(path);
}

function installedPackage(file: string): string | null {
  for (let folder = dirname(file); isInPackage(folder); folder = dirname(folder)) {
    try {
      const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { readonly name?: unknown; readonly version?: unknown };
      if (typeof name === "string" && typeof version === "string") return `${name}@${version}`;
    } catch {
      // Not the package's own folder, or not a manifest: look further up.
    }
  }
  return null;
}

/**
 * Whether a profile for `wanted` (`@scope/name@1`, a version or the beginning of one) speaks of a server made of `source`. Where that
 * has no version, or a tag that moves (`latest`), it does: the hashes in the lock notice when the package changes under it.
 */
export function isForPackage(wanted: string, source: string): boolean {
  const [wantedName, wantedVersion] = nameAndVersion(wanted);
  const [name, version] = nameAndVersion(source);
  // An image holds a program that people also build and run as it is: of its name there is nothing but the command's.
  if (wantedName.includes("/") && !wantedName.startsWith("@") && source === wantedName.split("/").at(-1)) return true;
  if (wantedName !== name) return false;
  return wantedVersion === null || version === null || version === wantedVersion || version.startsWith(`${wantedVersion}.`);
}

function nameAndVersion(text: string): readonly [string, string | null] {
  const at = text.lastIndexOf("@");
  if (at <= 0) return [text, null];
  return [text.slice(0, at), /^[v^~=]?(\d.*)$/.exec(text.slice(at + 1))?.[1] ?? null];
}
