import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LedgerEntry, Run } from "offstage/model";
import type { Lease } from "offstage/state";
import { openSqliteStore } from "offstage/stores/sqlite";
import { realClock } from "../../packages/runtime/src/testing/real-clock.ts";

/** What is on disk. */
export interface StoreContents {
  readonly lease: Lease | null;
  /** Newest first. */
  readonly runs: readonly Run[];
  readonly effects: readonly LedgerEntry[];
}

const ALL = 100_000;
const NOTHING: StoreContents = { lease: null, runs: [], effects: [] };

/**
 * Reads a store from a copy of its file and its log, so that the next command finds both as the killed process left them. While
 * another process writes, a copy could be torn: `inUse` reads beside it.
 */
export async function readStore(file: string, options: { readonly inUse: boolean }): Promise<StoreContents> {
  if (!existsSync(file)) return NOTHING;
  if (options.inUse) return readFrom(file);
  const dir = mkdtempSync(join(tmpdir(), "offstage-kill-store-"));
  try {
    const copy = join(dir, "store.db");
    for (const suffix of ["", "-wal"]) if (existsSync(file + suffix)) copyFileSync(file + suffix, copy + suffix);
    return await readFrom(copy);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function readFrom(file: string): Promise<StoreContents> {
  const store = await openSqliteStore({ file, clock: realClock });
  try {
    return await store.transact({ durable: false }, async (tx) => ({ lease: await tx.getLease(), runs: await tx.listRuns({ limit: ALL }), effects: await tx.listEffects({ limit: ALL }) }));
  } finally {
    await store.close();
  }
}
