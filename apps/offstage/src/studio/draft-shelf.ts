import { randomBytes } from "node:crypto";
import { linkSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { isOffstageError, OffstageError, parseExact } from "offstage/base";
import type { Draft, DraftShelf } from "offstage/studio";
import { moduleFiles, type ModuleTexts } from "../project/module-texts.ts";
import { makeFolder, replaceFile } from "../project/write-file.ts";
import { DRAFTS_FOLDER, readKept, unreadable } from "./read-kept.ts";

/**
 * Drafts as files: for each file of the project a folder with its revisions, `workflows/reports/3.ts`. A revision is a file that is made where none is, so that of two processes
 * one makes it; none is ever changed. An empty one says that the draft was taken away: it stays, so that no number comes twice. Errors: `STORE_UNAVAILABLE`, `STORE_FULL`.
 */
export function createDraftShelf(projectFolder: string): DraftShelf {
  const files = moduleFiles(projectFolder);
  const place = (name: string): string => join(projectFolder, DRAFTS_FOLDER, name);
  const newest = (file: string): Draft | null => {
    const revision = revisionsIn(place(folderOf(file))).at(-1);
    const text = revision === undefined ? null : readKept(projectFolder, `${folderOf(file)}/${revision}.ts`);
    return revision === undefined || text === null || text === "" ? null : { file, revision, text };
  };
  const put = (file: string, revision: number, text: string): boolean => makeFile(place(`${folderOf(file)}/${revision}.ts`), text);
  return {
    files: () => ["workflows", "profiles"].flatMap((kind) => namesIn(place(kind)).map((name) => `${kind}/${name}.ts`)).filter((file) => isThere(() => newest(file))),
    newest,
    base(file) {
      const draft = newest(file);
      const begun = draft === null ? undefined : namesIn(place(folderOf(file))).flatMap((name) => /^(\d+)\.base\.json$/.exec(name)?.[1] ?? []).map(Number).filter((from) => from <= draft.revision).toSorted((a, b) => a - b).at(-1);
      return begun === undefined ? null : readBase(projectFolder, `${folderOf(file)}/${begun}.base.json`);
    },
    adopted: (file) => files.read(file),
    put(file, after, text, begun) {
      const last = revisionsIn(place(folderOf(file))).at(-1) ?? 0;
      const drafted = newest(file);
      if ((drafted?.revision ?? 0) !== after) return null;
      const from = files.read(file);
      if (!put(file, last + 1, text)) return null;
      // After its text, by whoever has put that: what lies there is of a text that came to nothing.
      if (drafted === null || begun === "anew") replaceFile(place(`${folderOf(file)}/${last + 1}.base.json`), JSON.stringify(from));
      return { file, revision: last + 1, text };
    },
    remove(file, revision) {
      if (newest(file)?.revision !== revision || !put(file, revision + 1, "")) return false;
      for (const name of namesIn(place(folderOf(file)))) if (Number.parseInt(name, 10) <= revision) removeFile(place(`${folderOf(file)}/${name}`));
      return true;
    },
  };
}

/** The project's workflows with the drafts over them. Profiles are the project's: what a draft says of calls holds when a person has adopted it. */
export function draftedTexts(projectFolder: string): ModuleTexts {
  const shelf = createDraftShelf(projectFolder);
  const files = moduleFiles(projectFolder);
  const names = (): readonly string[] => shelf.files().flatMap((file) => /^workflows\/(.*)\.ts$/.exec(file)?.[1] ?? []);
  return {
    workflows: () => [...new Set([...files.workflows(), ...names()])].toSorted(),
    read: (file) => (file.startsWith("workflows/") ? shelf.newest(file)?.text : undefined) ?? files.read(file),
  };
}

/** The project's modules alone, with whether one that is not there is drafted: for the command line, where drafts do not count. */
export function adoptedTexts(projectFolder: string): ModuleTexts {
  return { ...moduleFiles(projectFolder), isDrafted: (workflow) => createDraftShelf(projectFolder).files().includes(`workflows/${workflow}.ts`) };
}

function revisionsIn(folder: string): readonly number[] {
  return namesIn(folder).flatMap((name) => /^(\d+)\.ts$/.exec(name)?.[1] ?? []).map(Number).toSorted((a, b) => a - b);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch {
    return [];
  }
}

function folderOf(file: string): string {
  return file.replace(/\.ts$/, "");
}

/** One that cannot be read is there too: who asks for it is told, and the others are kept from nobody. */
function isThere(find: () => Draft | null): boolean {
  try {
    return find() !== null;
  } catch (error) {
    if (!isOffstageError(error)) throw error;
    return true;
  }
}

/** What the project's file held: a text in JSON, or null. */
function readBase(projectFolder: string, name: string): string | null {
  try {
    const base = parseExact(readKept(projectFolder, name) ?? "null");
    if (base === null || typeof base === "string") return base;
  } catch (error) {
    if (!isOffstageError(error) || error.code === "STORE_UNAVAILABLE") throw error;
    throw unreadable(name, error.message.replace(/\.$/, ""));
  }
  throw unreadable(name, "it holds no text");
}

/** Makes a file, whole; false when there is one. */
function makeFile(file: string, text: string): boolean {
  const part = `${file}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  try {
    makeFolder(dirname(file));
    writeFileSync(part, text, { flag: "wx", flush: true });
    linkSync(part, file);
    return true;
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    // A folder that cannot be made, because a file is in its place, says so too.
    if (code === "EEXIST" && syscall === "link") return false;
    throw new OffstageError(code === "ENOSPC" ? "STORE_FULL" : "STORE_UNAVAILABLE", `The draft cannot be kept: ${message}`, { hint: "Check the disk and the permissions of .offstage/drafts.", cause: error });
  } finally {
    removeFile(part);
  }
}

function removeFile(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Of what is being made: a file is where its folder should be, so there is none, and why it could not be made is what is told. Of what is over: it is read by nobody.
  }
}
