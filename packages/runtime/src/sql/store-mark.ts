import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { SqlConnection } from "./prepared-query.ts";
import { createStoreTx } from "./store-tx.ts";

/** How far a store has been: what lies outside of it, and is not restored with it. */
export interface StoreMark {
  readonly store: string;
  /** The highest fencing token that was handed out. */
  readonly fence: number;
  readonly epoch: number;
}

/** Keeps a mark. It only helps to notice a restore: what cannot be read or written counts as none. */
export interface MarkFile {
  read(): StoreMark | null;
  write(mark: StoreMark): void;
}

/** The mark in the file `path`. */
export function markIn(path: string): MarkFile {
  return {
    read() {
      try {
        const { store, fence, epoch } = JSON.parse(readFileSync(path, "utf8")) as Partial<StoreMark>;
        return typeof store === "string" && Number.isSafeInteger(fence) && Number.isSafeInteger(epoch) ? { store, fence: fence as number, epoch: epoch as number } : null;
      } catch {
        return null;
      }
    },
    write(mark) {
      try {
        const next = `${path}.${process.pid}`;
        writeFileSync(next, JSON.stringify(mark), { mode: 0o600 });
        renameSync(next, path);
      } catch {
        // A full disk is told by the store itself.
      }
    },
  };
}

/** Whether the store has been further than it knows: an older state of it was put in its place, or it is another one. */
export async function isBehind(connection: SqlConnection, id: string, seen: StoreMark): Promise<boolean> {
  return seen.store !== id || (await lastFence(connection)) < seen.fence;
}

/**
 * Raises the store's epoch, because what it does not know may have happened; fencing tokens go on where they were, as far as `seen` tells.
 * Call it in a transaction; gives back what the mark is to be once that is durable.
 */
export async function beginEpoch(connection: SqlConnection, id: string, seen: StoreMark | null, now: number): Promise<StoreMark> {
  const tx = createStoreTx(connection);
  const epoch = Math.max(Number(await tx.getMeta("epoch")), seen?.epoch ?? 0) + 1;
  await tx.putMeta("epoch", epoch);
  await tx.putMeta("restored-at", now);
  const fence = Math.max(await lastFence(connection), seen?.fence ?? 0);
  await connection.run({ sql: "UPDATE fences SET last = ?", parameters: [fence] });
  return { store: id, fence, epoch };
}

async function lastFence(connection: SqlConnection): Promise<number> {
  const [row] = await connection.all<{ last: number }>({ sql: "SELECT last FROM fences", parameters: [] });
  return row?.last ?? 0;
}
