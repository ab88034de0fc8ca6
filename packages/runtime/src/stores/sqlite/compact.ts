import { stat } from "node:fs/promises";
import { OffstageError } from "../../base/index.ts";
import { createStoreTx } from "../../sql/index.ts";
import type { Lease } from "../../state/index.ts";
import { connectSqlite } from "./sqlite-connection.ts";

/** What `compactSqliteStore` needs. */
export interface CompactOptions {
  readonly file: string;
  readonly lockTimeoutMs: number;
  /** Whether whoever holds this lease may still act by it. */
  readonly isHeld: (lease: Lease) => boolean;
}

/** See `compactSqliteStore`. The store was opened before, by whoever removed something. */
export async function compact({ file, lockTimeoutMs, isHeld }: CompactOptions): Promise<{ readonly before: number; readonly after: number }> {
  const connection = await connectSqlite(file, lockTimeoutMs);
  try {
    const lease = await createStoreTx(connection).getLease();
    if (lease !== null && isHeld(lease)) throw new OffstageError("STORE_LOCKED", `Process ${lease.holder.pid} on ${lease.holder.host.split(" ")[0]} drives the store ${file}, and would wait until it is written anew.`, { hint: "The space that was freed is used again by what comes, also without this. To give it back to the disk, end that process first." });
    await connection.pragma("wal_checkpoint(TRUNCATE)");
    const { size: before } = await stat(file);
    // Outside of a transaction, which is SQLite's own; not as a statement that is kept compiled.
    await connection.pragma("synchronous = FULL");
    await connection.run({ sql: "VACUUM", parameters: [] });
    await connection.pragma("wal_checkpoint(TRUNCATE)");
    return { before, after: (await stat(file)).size };
  } finally {
    connection.close();
  }
}
