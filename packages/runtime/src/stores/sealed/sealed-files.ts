import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Clock, type Data, isOffstageError, OffstageError, parseExact, stringifyExact } from "../../base/index.ts";
import { withProcessLock } from "./process-lock.ts";
import type { Seal } from "./seal.ts";

/** What sealed files are made of. */
export interface SealedFilesOptions {
  /** Made when the first one is written. */
  readonly folder: string;
  /** Asked for when there is something to open or to seal. May throw what tells people that there is no key. */
  readonly seal: () => Seal;
  readonly clock: Clock;
}

/** Documents on disk, each in a file of its own (0600) that is replaced in one step. Fits `TokenStore` of the room `mcp`. */
export interface SealedFiles {
  list(): Promise<{ readonly documents: readonly { readonly id: string; readonly document: Data }[]; readonly unreadable: readonly OffstageError[] }>;
  read(id: string): Promise<Data | null>;
  exclusively<T>(id: string, work: () => Promise<T>): Promise<T>;
  write(id: string, document: Data): Promise<void>;
  remove(id: string): Promise<boolean>;
}

const ENDING = ".sealed";
/** Tokens have a few thousand bytes. */
const MOST_BYTES = 256 * 1024;

/**
 * Keeps documents sealed in `folder`. A file that is damaged, or sealed with another key, is an error that names it, and is never
 * written over. Errors: `TOKENS_UNREADABLE`, `STORE_FULL`, `STORE_UNAVAILABLE`, `STORE_LOCKED`.
 */
export function createSealedFiles({ folder, seal, clock }: SealedFilesOptions): SealedFiles {
  const path = (id: string): string => join(folder, `${id}${ENDING}`);
  const open = (id: string): Data | null => {
    const text = readText(path(id));
    return text === null ? null : parseExact(seal().open(text, id, path(id)));
  };
  return {
    async list() {
      const documents: { readonly id: string; readonly document: Data }[] = [];
      const unreadable: OffstageError[] = [];
      for (const id of idsIn(folder)) {
        try {
          const document = open(id);
          if (document !== null) documents.push({ id, document });
        } catch (error) {
          if (!isOffstageError(error)) throw error;
          unreadable.push(error);
        }
      }
      return Promise.resolve({ documents, unreadable });
    },
    read: async (id) => Promise.resolve(open(id)),
    async exclusively(id, work) {
      makeFolder(folder);
      return withProcessLock(join(folder, `${id}.lock`), clock, work);
    },
    async write(id, document) {
      // What cannot be opened may be somebody's only refresh token.
      open(id);
      replace(folder, path(id), seal().seal(stringifyExact(document), id));
      return Promise.resolve();
    },
    async remove(id) {
      const there = readText(path(id)) !== null;
      try {
        rmSync(path(id), { force: true });
      } catch (error) {
        throw unavailable(path(id), error);
      }
      return Promise.resolve(there);
    },
  };
}

function idsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(ENDING)).map((name) => name.slice(0, -ENDING.length)).toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw unavailable(folder, error);
  }
}

function readText(path: string): string | null {
  try {
    if (statSync(path).size > MOST_BYTES) throw new OffstageError("TOKENS_UNREADABLE", `The kept tokens cannot be opened: ${path} is too large to be what Offstage wrote.`, { hint: "Look at what it is; delete it and log in again." });
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isOffstageError(error)) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new OffstageError("TOKENS_UNREADABLE", `The kept tokens cannot be opened: ${(error as Error).message}.`, { hint: "Check the file's permissions.", cause: error });
  }
}

/** The old text or the new one, whatever happens in between: written beside, on disk before it is renamed, and the name too. */
function replace(folder: string, path: string, text: string): void {
  const draft = `${path}.new`;
  try {
    makeFolder(folder);
    // What a killed process left, or a link that somebody put there.
    rmSync(draft, { force: true });
    // All of it or an error: a disk that is nearly full takes a part and says so only when it is asked for the rest.
    writeFileSync(draft, text, { flag: "wx", mode: 0o600, flush: true });
    renameSync(draft, path);
    syncFolder(folder);
  } catch (error) {
    removeDraft(draft);
    throw unavailable(path, error);
  }
}

function removeDraft(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // Why the file could not be written is what is told.
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw unavailable(folder, error);
  }
}

function syncFolder(folder: string): void {
  // Windows has no way to do this, and needs none.
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

function unavailable(path: string, error: unknown): OffstageError {
  if (isOffstageError(error)) return error;
  const isFull = (error as NodeJS.ErrnoException).code === "ENOSPC";
  return new OffstageError(isFull ? "STORE_FULL" : "STORE_UNAVAILABLE", `${path} cannot be written: ${(error as Error).message}`, { hint: isFull ? "Make room on the disk; the old file is as it was." : "Check the folder's permissions; the old file is as it was.", cause: error });
}
