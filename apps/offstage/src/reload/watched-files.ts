import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileStamp } from "../config/file-stamp.ts";
import { SERVERS_FILE } from "../config/server-entry.ts";
import { SETTINGS_FILE } from "../config/settings.ts";
import { LEARNT_FILE, LOCK_FILE } from "../project/lock-files.ts";
import { ownFiles } from "../project/own-files.ts";

const SINGLE = [SETTINGS_FILE, SERVERS_FILE, LOCK_FILE, LEARNT_FILE];
const FOLDERS = ["workflows", "profiles"];

/** The files that a served project is made of, by their names below its folder: other texts mean that one may have changed. */
export type FileMarks = ReadonlyMap<string, string>;

/** Marks by what the disk says of the files, links followed: cheap, and different whenever one was written or replaced. */
export function stampsOf(folder: string): Promise<FileMarks> {
  return marked(folder, async (path) => fileStamp(await stat(path, { bigint: true })));
}

/** Marks by what is in the files. */
export function contentsOf(folder: string): Promise<FileMarks> {
  // A pipe's end may never come.
  return marked(folder, async (path) => ((await stat(path)).isFile() ? createHash("sha256").update(await readFile(path)).digest("hex") : null));
}

/** Whose marks differ, or are in one only; sorted. */
export function changedFiles(before: FileMarks, now: FileMarks): readonly string[] {
  return [...new Set([...before.keys(), ...now.keys()])].filter((file) => before.get(file) !== now.get(file)).toSorted();
}

async function marked(folder: string, markOf: (path: string) => Promise<string | null>): Promise<FileMarks> {
  const inFolders = await Promise.all(FOLDERS.map(async (name) => (await readdir(join(folder, name)).catch(() => [])).filter((file) => file.endsWith(".ts")).map((file) => `${name}/${file}`)));
  const marks = await Promise.all([...SINGLE, ...inFolders.flat(), ...(await ownFiles(folder)).files].map(async (file) => {
    const mark = await markOf(join(folder, file)).catch(() => null);
    return mark === null ? [] : [[file, mark] as const];
  }));
  return new Map(marks.flat());
}
