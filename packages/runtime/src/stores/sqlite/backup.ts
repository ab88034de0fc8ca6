import { open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { OffstageError } from "../../base/index.ts";
import { BACKUP_NOTE } from "./backup-note.ts";
import { connectSqlite } from "./sqlite-connection.ts";

/** What `backUpSqliteStore` needs. */
export interface BackupOptions {
  /** The store's file. */
  readonly file: string;
  /** Where the backup goes: nothing may be there yet, and its folder has to exist. */
  readonly to: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly lockTimeoutMs: number;
}

/** See `backUpSqliteStore`. */
export async function backUp({ file, to, now, lockTimeoutMs }: BackupOptions): Promise<number> {
  await takePlace(to);
  const part = `${to}.part`;
  try {
    await rm(part, { force: true });
    await copyStore(file, part, lockTimeoutMs);
    await finishCopy(part, now, lockTimeoutMs);
    const copy = await open(part, "r+");
    await copy.sync();
    const { size } = await copy.stat();
    await copy.close();
    await rename(part, to);
    await syncFolder(dirname(to));
    return size;
  } catch (error) {
    await rm(part, { force: true });
    await rm(to, { force: true });
    throw error;
  }
}

/**
 * Taken before anything is copied: two backups to one place are told apart here. What stands there until the copy is whole is no database: who was killed meanwhile must not leave an empty
 * file, which would be opened as a store in which nothing was ever done.
 */
export async function takePlace(to: string): Promise<void> {
  const place = await open(to, "wx", 0o600).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EEXIST"
      ? new OffstageError("USAGE", `There is a file at ${to} already.`, { hint: "Name another place; a backup never replaces anything." })
      : new OffstageError("STORE_UNAVAILABLE", `The backup ${to} cannot be written: ${error.message}`, { hint: "See that its folder exists and that this user may write there.", cause: error });
  });
  try {
    await place.writeFile("This backup of an Offstage store was not finished.\n");
  } catch (error) {
    await rm(to, { force: true });
    throw new OffstageError("STORE_FULL", `The backup ${to} cannot be written: ${(error as Error).message}`, { hint: "Free space on that disk, or name another place.", cause: error });
  } finally {
    await place.close();
  }
}

/** One read transaction over the whole, in a new file, which is its owner's alone from the beginning. */
async function copyStore(file: string, to: string, lockTimeoutMs: number): Promise<void> {
  await (await open(to, "wx", 0o600)).close();
  const source = await connectSqlite(file, lockTimeoutMs);
  try {
    await source.run({ sql: "VACUUM INTO ?", parameters: [to] });
  } finally {
    source.close();
  }
}

async function finishCopy(file: string, now: number, lockTimeoutMs: number): Promise<void> {
  const copy = await connectSqlite(file, lockTimeoutMs);
  try {
    const whole = await copy.pragma("integrity_check");
    if (whole !== "ok") throw new OffstageError("STORE_CORRUPT", `The store is damaged, and so would be its backup (${String(whole)}).`, { hint: "Keep a copy of the file and of the -wal file beside it, then restore an earlier backup." });
    await copy.run({ sql: "INSERT OR REPLACE INTO meta (name, meta_value) VALUES (?, ?)", parameters: [BACKUP_NOTE, String(now)] });
  } finally {
    copy.close();
  }
}

/** So that a power cut does not take the name back. Where folders cannot be opened (Windows) that is the system's matter. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r").catch(() => null);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}
