import { statSync } from "node:fs";
import { OffstageError } from "../../base/index.ts";

/**
 * Looks whether `file` is still the one that is opened now. Whoever deletes or replaces a file that is open goes unnoticed
 * otherwise: this process would write on into a file that nobody can open, while the next one begins a ledger that knows nothing.
 * The returned check throws `STORE_UNAVAILABLE`.
 */
export function watchSameFile(file: string): () => void {
  const opened = identityOf(file);
  return () => {
    if (identityOf(file) === opened) return;
    throw new OffstageError("STORE_UNAVAILABLE", `The store ${file} was deleted or replaced while this process used it. Nothing more is written.`, {
      hint: "Put back the file that was there, with the -wal file beside it: without it nobody knows which writes were made.",
    });
  };
}

function identityOf(file: string): string {
  const stat = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? "" : `${stat.dev}:${stat.ino}`;
}
