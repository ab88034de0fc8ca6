import { lstatSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { DiagnosticsError } from "../errors.ts";

/** Where a project has its owner's own code. */
export const OWN_FOLDER = "workflows/own";

/**
 * The text of a workflow or a profile, by its name below the project's folder; null when there is none. One that is there and cannot be read is not one that is missing: without it other rules would
 * hold. Errors: `WORKFLOW_INVALID`, with the fault `FILE_UNREADABLE`, also for what is no file: whoever reads a pipe may wait for ever.
 */
export function readModule(folder: string, file: string): string | null {
  const path = join(folder, file);
  try {
    if (statSync(path).isFile()) return readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && lstatSync(path, { throwIfNoEntry: false }) === undefined) return null;
    throw unreadable(file, code === "ENOENT" ? "it is a link to nothing" : message);
  }
  throw unreadable(file, "it is no file");
}

/** A fault of a file, or of a folder, that is there. `why`: the end of the sentence. */
export function unreadable(file: string, why: string): DiagnosticsError {
  return new DiagnosticsError("WORKFLOW_INVALID", [{ code: "FILE_UNREADABLE", severity: "error", file, line: 1, column: 1, message: `This cannot be read: ${why}.`, hint: "See that this user may read it, or take it away." }]);
}
