import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** What of a folder is shown in a sandbox. */
export interface ShownEntries {
  /** Files and folders, each by itself. */
  readonly paths: readonly string[];
  /** Links, made anew inside: mounted, they would bring what they lead to. */
  readonly links: readonly { readonly path: string; readonly target: string }[];
  /** The folder and those below it that are not shown as a whole. */
  readonly folders: readonly string[];
}

/**
 * The entries of a folder as they are now, without the hidden ones and those called `.env…` that `readable` does not name. One by one,
 * because a mask over a file goes with it when it is replaced (a key that is rotated, the log of a store), and what has no name yet can have
 * none. Paths are absolute and without links. Errors: of the system, when the folder cannot be listed.
 */
export function shownEntries(folder: string, hidden: ReadonlySet<string>, readable: ReadonlySet<string>): ShownEntries {
  const paths: string[] = [];
  const links: { readonly path: string; readonly target: string }[] = [];
  const folders: string[] = [];
  const look = (inside: string): void => {
    folders.push(inside);
    for (const entry of readdirSync(inside, { withFileTypes: true })) {
      const path = join(inside, entry.name);
      if (hidden.has(path) || (entry.name.startsWith(".env") && !readable.has(path))) continue;
      if (entry.isSymbolicLink()) links.push({ path, target: readlinkSync(path) });
      else if (entry.isDirectory() && [...hidden].some((each) => each.startsWith(`${path}/`))) look(path);
      else paths.push(path);
    }
  };
  look(folder);
  return { paths, links, folders };
}
