import type { BackupOptions } from "./backup.ts";

/**
 * Copies one state of a store into a file, while others go on driving it; returns its size in bytes. The copy is looked through, is on the disk, and knows that it is one: whoever opens it as a store is told that what
 * happened since is not in it, on another machine too. Errors: `USAGE` when something is at `to`, `STORE_FULL`, `STORE_CORRUPT`, `STORE_UNAVAILABLE`; then nothing is left at `to`.
 */
export async function backUpSqliteStore(options: BackupOptions): Promise<number> {
  return (await import("./backup.ts")).backUp(options);
}
