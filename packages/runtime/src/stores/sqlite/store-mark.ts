import { beginEpoch, isBehind, type MarkFile } from "../../sql/index.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

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
      const next = await beginEpoch(connection, id, seen, now);
      connection.commit();
      mark.write(next);
    } else {
      connection.rollback();
    }
  } catch (error) {
    connection.rollback();
    throw error;
  }
}
