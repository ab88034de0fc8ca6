import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { OffstageError } from "offstage/base";

/** Replaces a file in one step: whoever reads it sees the old text or the new one, never half of it. */
export function replaceFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(draft, text);
    renameSync(draft, path);
  } catch (error) {
    removeDraft(draft);
    const full = (error as NodeJS.ErrnoException).code === "ENOSPC";
    throw new OffstageError(full ? "STORE_FULL" : "STORE_UNAVAILABLE", `${path} cannot be written: ${(error as Error).message}`, { hint: full ? "Make room on the disk; the old file is as it was." : "Check the permissions; the old file is as it was.", cause: error });
  }
}

function removeDraft(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // A file is where its folder should be, so there is none; why it could not be written is what is told.
  }
}
