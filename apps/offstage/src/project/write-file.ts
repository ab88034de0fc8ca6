import { chmodSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { OffstageError } from "offstage/base";

/**
 * Replaces a file in one step: whoever reads it sees the old text or the new one, never half of it. What is there keeps its
 * permissions, and a link stays one. Errors: `STORE_FULL`, `STORE_UNAVAILABLE`, also for a file that nobody may write.
 */
export function replaceFile(path: string, text: string | Uint8Array): void {
  const there = lookAt(path);
  const target = there?.path ?? path;
  const draft = `${target}.${process.pid}.tmp`;
  try {
    // To rename over it needs no permission on the file itself.
    if (there !== null && (there.mode & 0o222) === 0) throw new Error("it is write-protected");
    makeFolder(dirname(target));
    // What a killed process left, or a link that somebody put there.
    rmSync(draft, { force: true });
    writeFileSync(draft, text, { flag: "wx", flush: true });
    if (there !== null) chmodSync(draft, there.mode);
    renameSync(draft, target);
  } catch (error) {
    removeDraft(draft);
    const full = (error as NodeJS.ErrnoException).code === "ENOSPC";
    throw new OffstageError(full ? "STORE_FULL" : "STORE_UNAVAILABLE", `${path} cannot be written: ${(error as Error).message}`, { hint: full ? "Make room on the disk; the old file is as it was." : "Check the permissions; the old file is as it was.", cause: error });
  }
}

/** Makes a folder, with those above it. Node's own way of that goes round for ever where one is there that takes none, as `/proc` does. */
export function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process made it.
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

/** The file that is there, behind all links; null when there is none, or none that can be looked at. */
function lookAt(path: string): { readonly path: string; readonly mode: number } | null {
  try {
    const real = realpathSync(path);
    return { path: real, mode: statSync(real).mode & 0o777 };
  } catch {
    return null;
  }
}

function removeDraft(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // A file is where its folder should be, so there is none; why it could not be written is what is told.
  }
}
