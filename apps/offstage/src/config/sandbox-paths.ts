import { readlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { OffstageError } from "offstage/base";
import { SETTINGS_FILE } from "./settings.ts";

/** What a sandboxed server may write: while it runs, and afterwards, anything may stand below it, links too. */
export interface Writable {
  readonly server: string;
  /** Absolute. */
  readonly path: string;
}

/** What the paths that settings give to a server are held against. */
export interface PathRules {
  readonly server: string;
  /** What all sandboxed servers may write, this one too. */
  readonly writable: readonly Writable[];
}

/** As many as the system follows. */
const MOST_LINKS = 40;

/** Where a path leads with every link on its way followed; of what does not exist, as far as it does: what a link leads to may come later. */
export function realPlace(path: string): string {
  return onTheWay(path).at(-1) ?? path;
}

/** The places that the system comes by on an absolute path, links among them: whoever may write one of them decides where the way goes on. The last is where it ends. */
export function onTheWay(path: string): readonly string[] {
  const way = ["/"];
  let names = namesOf(path);
  let at = "/";
  let links = 0;
  for (let name = names.shift(); name !== undefined; name = names.shift()) {
    const next = join(at, name);
    way.push(next);
    const target = links < MOST_LINKS ? linkTarget(next) : null;
    if (target === null) {
      at = next;
    } else {
      links += 1;
      if (target.startsWith("/")) at = "/";
      names = [...namesOf(target), ...names];
    }
  }
  return [...way, at];
}

function namesOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "");
}

function linkTarget(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}

/** The same place, the way to the project and to the home followed: nothing that a server decides, and so that two names of it are one. */
export function fromRoots(path: string, roots: readonly string[]): string {
  const root = roots.find((each) => contains(each, path)) ?? "/";
  return join(realPlace(root), relative(root, path));
}

/** Without those that are inside another one. */
export function outermost(paths: readonly string[]): readonly string[] {
  return paths.filter((path, index) => !paths.some((other, at) => contains(other, path) && (other !== path || at < index)));
}

/**
 * A path, as `fromRoots` gives it, that the settings name and no link can be in the way of. Errors: `CONFIG_INVALID` where another server
 * could put one, or somebody has: what would be opened is what that leads to, which nobody has named.
 */
export function withoutLinks(path: string, { server, writable }: PathRules): string {
  const around = writable.find((each) => each.server !== server && each.path !== path && contains(each.path, path));
  if (around !== undefined) {
    throw new OffstageError("CONFIG_INVALID", `${SETTINGS_FILE}: the sandbox of ${server} names ${path}, and ${around.server} may write ${around.path} around it: it could put a link to anything in its place.`, { hint: `Give ${server} all of ${around.path}, or a folder that is in none that another server may write.` });
  }
  const place = realPlace(path);
  if (place === path) return path;
  throw new OffstageError("CONFIG_INVALID", `${SETTINGS_FILE}: the sandbox of ${server} names ${path}, which is, or is behind, a link to ${place}: a server that could write there may have made it.`, { hint: "Remove the link if you did not make it; else name what it leads to." });
}

/** Errors: `CONFIG_INVALID` for a place that holds, or is in, one of the project's `own`, by name or by where links lead. */
export function refuseOwn(server: string, path: string, own: readonly string[]): void {
  const place = realPlace(path);
  const found = own.find((each) => meets(path, each) || meets(place, realPlace(each)));
  if (found === undefined) return;
  const leads = place === path ? "" : `, which leads to ${place}`;
  throw new OffstageError("CONFIG_INVALID", `${SETTINGS_FILE}: the sandbox of ${server} may not let it write ${path}${leads}: ${found} is there, which decides what servers may do, or is kept from them.`, { hint: "Name a folder of its own: write: [data]" });
}

/** Whether a path is a folder, or in it. */
export function contains(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || !(way === ".." || way.startsWith("../") || way.startsWith("/"));
}

function meets(one: string, other: string): boolean {
  return contains(one, other) || contains(other, one);
}
