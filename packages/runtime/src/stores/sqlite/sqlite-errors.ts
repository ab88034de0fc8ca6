import { type ErrorCode, isOffstageError, OffstageError } from "../../base/index.ts";
import type { MovedTo } from "../../sql/index.ts";

/** SQLite's codes by what they begin with; the first that fits decides. */
const CODES: readonly (readonly [prefix: string, code: ErrorCode, what: string, hint: string])[] = [
  ["SQLITE_BUSY", "STORE_LOCKED", "is in use by another process that does not finish writing", "Let the other command end, then run this one again. If no offstage process runs, see which program has the file open."],
  ["SQLITE_LOCKED", "STORE_LOCKED", "is in use by another connection of this process", "Let the other command end, then run this one again."],
  ["SQLITE_FULL", "STORE_FULL", "could not grow: the disk is full", "Free space on that disk, then run the same command again: it goes on where it was."],
  // The index of the write-ahead log lives in a file of its own, whose growth fails in its own way.
  ["SQLITE_IOERR_SHMSIZE", "STORE_FULL", "could not grow: the disk is full", "Free space on that disk, then run the same command again: it goes on where it was."],
  ["SQLITE_CORRUPT", "STORE_CORRUPT", "is damaged", "Keep a copy of the file and of the -wal file beside it, then restore a backup. Do not delete it: it knows which writes were made."],
  ["SQLITE_NOTADB", "STORE_CORRUPT", "is not a database", "Keep a copy of the file and of the -wal file beside it, then restore a backup. Do not delete it: it knows which writes were made."],
  ["SQLITE_CANTOPEN", "STORE_UNAVAILABLE", "cannot be opened", "See that the folder exists, that this user may write in it, and that the path is not a folder itself."],
  ["SQLITE_READONLY", "STORE_UNAVAILABLE", "cannot be written", "See that this user may write the file and its folder, and that the disk is not mounted read-only."],
  ["SQLITE_PERM", "STORE_UNAVAILABLE", "cannot be written", "See that this user may write the file and its folder."],
  ["SQLITE_IOERR", "STORE_UNAVAILABLE", "cannot be read or written: the disk reports an error", "See the system's log about that disk, then run the same command again: it goes on where it was."],
];

/** `STORE_MOVED` for a store that was left. `to`: where it went, as far as that is known. */
export function storeMoved(file: string, to: Pick<MovedTo, "place" | "at"> | null, cause?: unknown): OffstageError {
  const where = to === null ? "another database" : `${to.place} at ${new Date(to.at).toISOString()}`;
  return new OffstageError("STORE_MOVED", `The store ${file} was moved to ${where}; nothing is written in it any more.`, { hint: "Name the database in store.postgres of offstage.yaml.", cause });
}

/** What better-sqlite3 threw, as one of our errors; what is ours already stays. Nothing of the transaction was stored. */
export function storeError(thrown: unknown, file: string): OffstageError {
  if (isOffstageError(thrown)) return thrown;
  const raw = codeOf(thrown);
  // A store that was left has triggers that say so, whoever has it open still.
  if (raw === "SQLITE_CONSTRAINT_TRIGGER") return storeMoved(file, null, thrown);
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  // Our statements are fixed and the file was ours when it was opened, so what is missing was lost.
  if (raw === "SQLITE_ERROR" && /no such (table|column)|has no column named|unsupported file format/.test(detail)) return storeError(Object.assign(new Error(detail, { cause: thrown }), { code: "SQLITE_CORRUPT" }), file);
  const found = CODES.find(([prefix]) => raw.startsWith(prefix));
  if (found !== undefined) {
    const [, code, what, hint] = found;
    return new OffstageError(code, `The store ${file} ${what} (${detail}).`, { hint, cause: thrown });
  }
  return new OffstageError("BUG", `The store ${file} refused a statement: ${raw} ${detail}`.trimEnd(), { cause: thrown });
}

/** True when waiting may help. */
export function isBusy(thrown: unknown): boolean {
  return codeOf(thrown).startsWith("SQLITE_BUSY");
}

function codeOf(thrown: unknown): string {
  if (typeof thrown !== "object" || thrown === null) return "";
  if ("code" in thrown && typeof thrown.code === "string") return thrown.code;
  // better-sqlite3 looks for the folder itself, before SQLite is asked.
  return thrown instanceof TypeError && /open database/i.test(thrown.message) ? "SQLITE_CANTOPEN" : "";
}
