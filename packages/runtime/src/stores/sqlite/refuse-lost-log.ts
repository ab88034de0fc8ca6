import { statSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { isOffstageError } from "../../base/index.ts";
import { fileGone, LOG_SUFFIXES } from "./same-file.ts";
import { connectSqlite } from "./sqlite-connection.ts";

/** The pause between two attempts, in milliseconds. */
const PAUSE_MS = 10;

/**
 * Refuses a store that another process has open although its log, or the log's index, is not there: somebody deleted it, and with
 * it the newest part of the ledger. SQLite would make an empty log, and writes that were made would be made again. Whoever can have
 * the file for himself finds it closed, and then no log is as it should be. Looks for `lockTimeoutMs`, because a process that just
 * opens or closes the store looks the same for a moment. Throws `STORE_UNAVAILABLE`.
 */
export async function refuseLostLog(file: string, lockTimeoutMs: number): Promise<void> {
  for (let waited = 0; ; waited += PAUSE_MS) {
    const missing = missingLog(file);
    if (missing === undefined || (await isClosed(file))) return;
    if (waited >= lockTimeoutMs) throw fileGone(`${missing} was deleted while another process uses the store. Nothing was opened: what that process did lately is in the deleted file.`);
    await wait(PAUSE_MS);
  }
}

/** Which file beside a store that has something in it is not there. */
function missingLog(file: string): string | undefined {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) return undefined;
  return LOG_SUFFIXES.map((suffix) => `${file}${suffix}`).find((path) => statSync(path, { throwIfNoEntry: false }) === undefined);
}

/** Takes the store for itself for a moment. A connection of its own each time: a refused one keeps a share, and two of them would wait for each other. */
async function isClosed(file: string): Promise<boolean> {
  const connection = await connectSqlite(file, 0);
  try {
    await connection.pragma("locking_mode = EXCLUSIVE");
    await connection.pragma("user_version");
    return true;
  } catch (error) {
    if (isOffstageError(error) && error.code === "STORE_LOCKED") return false;
    throw error;
  } finally {
    connection.close();
  }
}
