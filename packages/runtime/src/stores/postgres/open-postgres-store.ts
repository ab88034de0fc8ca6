import { randomUUID } from "node:crypto";
import type { Clock } from "../../base/index.ts";
import type { Store } from "../../state/index.ts";

/** Where a store in PostgreSQL lives. */
export interface PostgresStoreOptions {
  /** `postgresql://user:password@host:port/database`, with libpq's `sslmode` and `sslrootcert` as parameters. Its password is in no message. */
  readonly url: string;
  /** Asked at each further connection in the place of `url`: its password may have been rotated. */
  readonly urlNow?: () => string;
  /** Whose tables are the store's; it is made when it is not there. `offstage` when not given. */
  readonly schema?: string;
  readonly clock: Clock;
  /** A file of this machine that remembers how far the store has been, so that an older state of it is noticed; none when not given. */
  readonly markFile?: string;
  /** How long a transaction waits for those of other processes, in milliseconds; five seconds when not given. */
  readonly lockTimeoutMs?: number;
  /** How long a transaction waits for a server that is away, in milliseconds; fifty seconds when not given. Opening does not wait. */
  readonly patienceMs?: number;
}

const SCHEMA = "offstage";
const LOCK_TIMEOUT_MS = 5_000;
/** A process that serves counts as stuck after a minute. */
const PATIENCE_MS = 50_000;

/**
 * Opens a store in PostgreSQL 14 or newer, making or migrating it when needed. The driver is loaded here and not before. Any number of
 * processes may have one store open. A transaction whose connection breaks, or that the server asks to make again, is made again: also
 * when the answer to its COMMIT was lost, once it is certain that it was not committed.
 *
 * Errors, here and from `transact`: `STORE_UNAVAILABLE` (the server is away), `STORE_REFUSED` (it does not let us in, or does not do), `STORE_LOCKED`,
 * `STORE_FULL`, `STORE_CORRUPT`; `STORE_NEWER` when a newer version had it, or has it since, `LEASE_LOST` in `transact` only. After each of them the store holds whole
 * transactions; when the server went away for longer than patience lasts, the last one may be among them.
 */
export async function openPostgresStore({ url, urlNow, clock, schema = SCHEMA, markFile, lockTimeoutMs = LOCK_TIMEOUT_MS, patienceMs = PATIENCE_MS }: PostgresStoreOptions): Promise<Store> {
  const { createPostgresStore } = await import("./postgres-store.ts");
  return createPostgresStore({ url, ...(urlNow === undefined ? {} : { urlNow }), schema, markFile: markFile ?? null, clock, newId: randomUUID, lockTimeoutMs, patienceMs });
}
