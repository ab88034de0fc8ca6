import { statSync } from "node:fs";
import { OffstageError } from "../../base/index.ts";

/** The log, and the log's index: SQLite makes both when the store is opened, and takes them away when the last process closes it. */
export const LOG_SUFFIXES: readonly string[] = ["-wal", "-shm"];

/**
 * Looks whether `file`, its log and the log's index are still those that are open now. Whoever deletes or replaces a file that is
 * open goes unnoticed otherwise: this process would write on into a file that nobody can open, while the next one begins a ledger
 * that knows nothing. While this process has the store open, SQLite itself replaces none of the three.
 * The returned check throws `STORE_UNAVAILABLE`.
 */
export function watchSameFile(file: string): () => void {
  const files = ["", ...LOG_SUFFIXES].map((suffix) => ({ path: `${file}${suffix}`, opened: identityOf(`${file}${suffix}`) }));
  return () => {
    for (const { path, opened } of files) {
      if (identityOf(path) !== opened) throw fileGone(`${path} was deleted or replaced while this process used it. Nothing more is written.`);
    }
  };
}

/** `STORE_UNAVAILABLE` for a store one of whose files is not there. `what` begins with the file's path. */
export function fileGone(what: string): OffstageError {
  return new OffstageError("STORE_UNAVAILABLE", `The store's file ${what}`, {
    hint: "Put back the file that was there, with the -wal file beside it: without it nobody knows which writes were made.",
  });
}

function identityOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? "" : `${stat.dev}:${stat.ino}`;
}
