import { randomUUID } from "node:crypto";
import type { Clock } from "../../base/index.ts";
import type { MoveSource } from "../../sql/index.ts";
import type { Lease } from "../../state/index.ts";

/** A store in a file that is to be moved. */
export interface SqliteSourceOptions {
  readonly file: string;
  readonly clock: Clock;
  /** Whether whoever holds this lease may still act by it. */
  readonly isHeld: (lease: Lease) => boolean;
}

const LOCK_TIMEOUT_MS = 5_000;

/** The store in a file as one that is moved, for as long as `use` takes; nobody writes in it meanwhile, and unless it is left it stays as it was. Errors: `STORE_LOCKED` while a process drives it, and those of `openSqliteStore`. */
export async function useSqliteSource<T>({ clock, ...options }: SqliteSourceOptions, use: (source: MoveSource) => Promise<T>): Promise<T> {
  const { withMoveSource } = await import("./move-source.ts");
  return withMoveSource({ ...options, now: clock.now(), newStoreId: randomUUID, lockTimeoutMs: LOCK_TIMEOUT_MS }, use);
}
