import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { OffstageError } from "offstage/base";
import { ownFiles } from "../project/own-files.ts";
import { OWN_FOLDER, unreadable } from "../project/read-module.ts";

/** The owner's own code, as it is taken along. */
export interface OwnTexts {
  readonly texts: ReadonlyMap<string, string>;
  /** What of the folder is left behind, for people. */
  readonly left: readonly string[];
}

/** All of it together: a data set is no code, and goes another way. */
const MOST_BYTES = 10 * 1024 * 1024;

/** Reads all of `workflows/own`, since one file of it may need any other. Errors: `EXPORT_REFUSED` for what is too large to be code, `WORKFLOW_INVALID` for what cannot be read. */
export async function readOwnTexts(folder: string): Promise<OwnTexts> {
  const { files, left, hasMore } = await ownFiles(folder);
  if (hasMore) throw tooLarge(`more than ${files.length} files`);
  const texts = new Map<string, string>();
  const behind = [...left];
  let room = MOST_BYTES;
  for (const file of files) {
    const bytes = await bytesOf(folder, file, room);
    if (bytes === null) throw tooLarge("more than 10 MiB");
    room -= bytes.length;
    const text = textOf(bytes);
    if (text === null) behind.push({ file, why: "which is no text" });
    else texts.set(file, text);
  }
  return { texts, left: behind.map(({ file, why }) => `${file}, ${why}`) };
}

/** null where there is more than there is room for. Errors: `WORKFLOW_INVALID`, with the fault `FILE_UNREADABLE`. */
async function bytesOf(folder: string, file: string, room: number): Promise<Uint8Array | null> {
  try {
    const path = join(folder, file);
    return (await stat(path)).size > room ? null : await readFile(path);
  } catch (error) {
    throw unreadable(file, (error as Error).message);
  }
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function tooLarge(what: string): OffstageError {
  return new OffstageError("EXPORT_REFUSED", `${OWN_FOLDER} has ${what}.`, { hint: "What is no code is not exported: keep it where the code finds it there, in a package or behind a server." });
}
