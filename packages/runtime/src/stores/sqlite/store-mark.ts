import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createStoreTx } from "../../sql/index.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

/** How far the store at a place has been: what lies beside its file, and is not restored with it. */
export interface StoreMark {
  readonly store: string;
  /** The highest fencing token that was handed out. */
  readonly fence: number;
  readonly epoch: number;
}

/** The mark of a store's file. It only helps to notice a restore: what cannot be read or written counts as none. */
export interface MarkFile {
  read(): StoreMark | null;
  write(mark: StoreMark): void;
}

/** The mark beside `file`. */
export function markBeside(file: string): MarkFile {
  const path = `${file}.mark`;
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

/**
 * Looks whether the store has been further than it knows: a backup was put in its place, its log was lost, or it was deleted. Then
 * its epoch rises, because what it does not know may have happened, and fencing tokens go on where they were.
 */
export async function meetMark(connection: SqliteConnection, id: string, mark: MarkFile, now: number): Promise<void> {
  const seen = mark.read();
  if (seen === null || !(await isBehind(connection, id, seen))) return;
  await connection.begin({ durable: true });
  try {
    // Another process may have opened it meanwhile, and said so.
    if (await isBehind(connection, id, seen)) {
      const tx = createStoreTx(connection);
      const epoch = Math.max(Number(await tx.getMeta("epoch")), seen.epoch) + 1;
      await tx.putMeta("epoch", epoch);
      await tx.putMeta("restored-at", now);
      const fence = Math.max(await lastFence(connection), seen.fence);
      await connection.run({ sql: "UPDATE fences SET last = ?", parameters: [fence] });
      connection.commit();
      mark.write({ store: id, fence, epoch });
    } else {
      connection.rollback();
    }
  } catch (error) {
    connection.rollback();
    throw error;
  }
}

async function isBehind(connection: SqliteConnection, id: string, seen: StoreMark): Promise<boolean> {
  return seen.store !== id || (await lastFence(connection)) < seen.fence;
}

async function lastFence(connection: SqliteConnection): Promise<number> {
  const [row] = await connection.all<{ last: number }>({ sql: "SELECT last FROM fences", parameters: [] });
  return row?.last ?? 0;
}
