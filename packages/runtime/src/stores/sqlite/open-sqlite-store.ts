import { randomUUID } from "node:crypto";
import type { Clock } from "../../base/index.ts";
import type { Store } from "../../state/index.ts";

/** Where a store lives: in a file, whose folder has to exist, or in this process only. */
export type SqliteStoreOptions = SqliteSettings & ({ readonly file: string } | { readonly memory: true });

/** What holds for both. */
export interface SqliteSettings {
  readonly clock: Clock;
  /** How long a transaction waits for those of other processes, in milliseconds; five seconds when not given. */
  readonly lockTimeoutMs?: number;
}

const LOCK_TIMEOUT_MS = 5_000;

/**
 * Opens the embedded store, making or migrating it when needed. The driver is loaded here and not before: commands that need no
 * store do not pay for it. Several processes may have one file open; each waits for the other's transaction.
 *
 * Errors, here and from `transact`: `STORE_LOCKED`, `STORE_FULL`, `STORE_CORRUPT`, `STORE_UNAVAILABLE`; `STORE_NEWER`, in `transact` when a newer version
 * migrated it since; `LEASE_LOST` in `transact` only. After each of them the store holds exactly what was committed before.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { createSqliteStore } = await import("./sqlite-store.ts");
  return createSqliteStore({ file: "file" in options ? options.file : ":memory:", clock: options.clock, newStoreId: randomUUID, lockTimeoutMs: options.lockTimeoutMs ?? LOCK_TIMEOUT_MS });
}
