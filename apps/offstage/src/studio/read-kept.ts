import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { OffstageError } from "offstage/base";

/** Where sessions keep what they write, below a project's folder. Git ignores it with the rest of `.offstage`. */
export const DRAFTS_FOLDER = ".offstage/drafts";

/** No text of a session is longer; what is, somebody else put there. */
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * The text of a file that a session keeps, by its name below {@link DRAFTS_FOLDER}; null when there is none. What it holds is told to a model: a link leads to what nobody
 * drafted, and whoever reads a pipe may wait for ever. Errors: `STORE_UNAVAILABLE`, for what is no file of its own there.
 */
export function readKept(projectFolder: string, name: string): string | null {
  const shelf = join(projectFolder, DRAFTS_FOLDER);
  const path = join(shelf, name);
  try {
    if (realpathSync(path) !== join(realpathSync(shelf), name)) throw unreadable(name, "it is a link, or lies behind one");
    return readFile(path, name);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw error instanceof OffstageError ? error : unreadable(name, message);
  }
}

/** A fault of a file of a session's. `why`: the end of the sentence. */
export function unreadable(name: string, why: string): OffstageError {
  return new OffstageError("STORE_UNAVAILABLE", `${DRAFTS_FOLDER}/${name} cannot be read: ${why}.`, { hint: "A person has to look at it, and take it away. No session wrote it so." });
}

function readFile(path: string, name: string): string {
  const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw unreadable(name, "it is no file");
    if (found.size > MOST_BYTES) throw unreadable(name, `it has more than ${MOST_BYTES >> 20} MiB`);
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}
