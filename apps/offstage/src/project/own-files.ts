import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { OWN_FOLDER } from "./read-module.ts";

/** What the folder of the owner's own code has, by names below the project's folder. */
export interface OwnFiles {
  /** Sorted. Links to files of the folder are files. */
  readonly files: readonly string[];
  /** What is none of it, and why: the end of the sentence "without …". */
  readonly left: readonly { readonly file: string; readonly why: string }[];
  /** There is more, which nobody looked at. */
  readonly hasMore: boolean;
}

/** Far more than anybody writes beside a workflow; a folder that was put there by mistake is not walked for minutes. */
const MOST_FILES = 1_000;

/** Walks `workflows/own` of a project. What cannot be looked at is not there. */
export async function ownFiles(folder: string): Promise<OwnFiles> {
  const root = join(folder, OWN_FOLDER);
  const inside = await realpath(root).catch(() => root);
  const files: string[] = [];
  const left: { file: string; why: string }[] = [];
  const visit = async (under: string): Promise<void> => {
    const entries = await readdir(join(folder, under), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
      const file = `${under}/${entry.name}`;
      const kind = await kindOf(join(folder, file), entry, inside);
      if (kind === "folder") await visit(file);
      else if (kind === "file") files.push(file);
      else left.push({ file, why: kind });
      if (files.length > MOST_FILES) return;
    }
  };
  await visit(OWN_FOLDER);
  return { files: files.toSorted().slice(0, MOST_FILES), left, hasMore: files.length > MOST_FILES };
}

/** What an entry is: a folder or a file to be taken, else why it is not. */
async function kindOf(path: string, entry: Dirent, inside: string): Promise<"folder" | "file" | (string & {})> {
  if (entry.name.startsWith(".")) return "which is hidden";
  if (entry.name === "node_modules") return "which is installed anew";
  if (entry.isDirectory()) return "folder";
  if (entry.isFile()) return "file";
  if (!entry.isSymbolicLink()) return "which is no file";
  const target = await realpath(path).catch(() => null);
  if (target === null) return "a link to nothing";
  if (!target.startsWith(inside + sep)) return "a link that leads out";
  return (await stat(target)).isFile() ? "file" : "a link to a folder";
}
