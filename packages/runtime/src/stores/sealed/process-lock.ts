import { closeSync, openSync } from "node:fs";
import { type Clock, OffstageError } from "../../base/index.ts";

/** Between two tries, ms. */
const TRY_AGAIN_MS = 20;
/** Whoever holds it speaks to an authorization server at most a few times, each within its own limit. */
const PATIENCE_MS = 120_000;

/**
 * Runs `work` while no other process, and nobody else in this one, holds the lock `file`. It is a lock of SQLite's, which the system
 * takes back from a process that dies, in whichever container it ran: no stale lock, no guessing whether a pid still lives. The file
 * stays, empty. Errors: `STORE_LOCKED` when it is not let go in two minutes, `STORE_UNAVAILABLE`.
 */
export async function withProcessLock<T>(file: string, clock: Clock, work: () => Promise<T>): Promise<T> {
  const lock = await openLock(file);
  try {
    const end = clock.now() + PATIENCE_MS;
    while (!take(lock)) {
      if (clock.now() >= end) throw new OffstageError("STORE_LOCKED", `Another process has held ${file} for two minutes.`, { hint: "It may hang: end it, and try again." });
      await clock.sleep(TRY_AGAIN_MS);
    }
    return await work();
  } finally {
    // With it goes the lock.
    lock.close();
  }
}

interface Lock {
  exec(sql: string): unknown;
  close(): unknown;
}

async function openLock(file: string): Promise<Lock> {
  const { default: Sqlite } = await import("better-sqlite3");
  try {
    makeFile(file);
    return new Sqlite(file, { timeout: 0 });
  } catch (error) {
    throw unavailable(error);
  }
}

/** Not opened when it is there: a process that closes a file lets all its locks on it go (POSIX), those that SQLite holds for others among them. */
function makeFile(file: string): void {
  try {
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

function take(lock: Lock): boolean {
  try {
    lock.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === "SQLITE_BUSY") return false;
    throw unavailable(error);
  }
}

function unavailable(error: unknown): OffstageError {
  return new OffstageError("STORE_UNAVAILABLE", `The lock of the tokens cannot be taken: ${(error as Error).message}`, { hint: "Check the folder's permissions; a network file system may have no locks.", cause: error });
}
