import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Diagnostic, OffstageError } from "offstage/base";
import { EMPTY_LOCK, type Learnt, type Lock, NOTHING_LEARNT, parseLearnt, parseLock, printLearnt, printLock } from "offstage/tools";
import { DiagnosticsError } from "../errors.ts";
import type { Project } from "./load-project.ts";
import { replaceFile } from "./write-file.ts";

/** The pinned tools, reviewed in git. */
export const LOCK_FILE = "offstage.lock";
/** The shapes of results seen, reviewed in git. */
export const LEARNT_FILE = "offstage.learnt.json";

/** The project's lock; an empty one when there is no file. Throws the faults of a broken one. */
export function loadLock(project: Pick<Project, "folder">): Lock {
  const text = readText(project, LOCK_FILE);
  if (text === null) return EMPTY_LOCK;
  const { lock, diagnostics } = parseLock(text, LOCK_FILE);
  refuseFaults(diagnostics);
  return lock;
}

/** What was learnt; nothing when there is no file. Throws the faults of a broken one. */
export function loadLearnt(project: Pick<Project, "folder">): Learnt {
  const text = readText(project, LEARNT_FILE);
  if (text === null) return NOTHING_LEARNT;
  const { learnt, diagnostics } = parseLearnt(text, LEARNT_FILE);
  refuseFaults(diagnostics);
  return learnt;
}

export function saveLock(project: Pick<Project, "folder">, lock: Lock): void {
  replaceFile(join(project.folder, LOCK_FILE), printLock(lock));
}

export function saveLearnt(project: Pick<Project, "folder">, learnt: Learnt): void {
  replaceFile(join(project.folder, LEARNT_FILE), printLearnt(learnt));
}

function readText(project: Pick<Project, "folder">, file: string): string | null {
  try {
    return readFileSync(join(project.folder, file), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new OffstageError("LOCK_INVALID", `${file} cannot be read: ${(error as Error).message}`, { hint: "Check its permissions.", cause: error });
  }
}

function refuseFaults(diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.some((diagnostic) => diagnostic.severity === "error")) throw new DiagnosticsError("LOCK_INVALID", diagnostics);
}
