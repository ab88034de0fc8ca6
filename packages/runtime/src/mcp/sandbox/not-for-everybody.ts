import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

const OTHERS_READ = 0o004;
const OTHERS_ENTER = 0o005;
/** Settings are not deeper, and programs beside them may be very many. */
const DEPTH = 3;
const MOST_FOLDERS = 2_000;

/**
 * Files and folders below `folder` that not everybody on this machine may read: where root starts a server, what keeps others out keeps
 * nobody out. Links are left to what they lead to, and the folders of `except` to whoever fills them: what is mounted by a name in there could
 * be another thing by then. Errors: when there are too many folders to be looked through.
 */
export function notForEverybody(folder: string, except: readonly string[]): readonly string[] {
  const found: string[] = [];
  let folders = 0;
  const look = (path: string, depth: number): void => {
    if (++folders > MOST_FOLDERS) throw new Error(`${folder} has more than ${MOST_FOLDERS} folders.`);
    for (const name of readdirSync(path)) {
      const inner = join(path, name);
      if (except.includes(inner)) continue;
      const { mode, isDirectory } = kindOf(inner);
      if ((mode & (isDirectory ? OTHERS_ENTER : OTHERS_READ)) !== (isDirectory ? OTHERS_ENTER : OTHERS_READ)) found.push(inner);
      else if (isDirectory && depth > 1) look(inner, depth - 1);
    }
  };
  if (kindOf(folder).isDirectory) look(folder, DEPTH);
  return found;
}

/** What is gone, or a link, keeps nobody out. */
function kindOf(path: string): { readonly mode: number; readonly isDirectory: boolean } {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || found.isSymbolicLink()) return { mode: 0o777, isDirectory: false };
  return { mode: found.mode, isDirectory: found.isDirectory() };
}
