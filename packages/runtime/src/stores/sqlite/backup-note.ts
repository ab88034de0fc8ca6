import { beginEpoch, type MarkFile } from "../../sql/index.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

/** Stands in a backup, and in no store. Its value: when it was made, ms. */
export const BACKUP_NOTE = "backup-of";

/**
 * A backup that is opened as a store begins an epoch, whether a mark tells of it or not: on a new machine nothing else knows that the store has been further. Its fencing tokens leave room for those that were
 * handed out since.
 */
export async function meetBackup(connection: SqliteConnection, id: string, mark: MarkFile | null, now: number): Promise<void> {
  if (!(await isBackup(connection))) return;
  await connection.begin({ durable: true });
  try {
    // Another process may have opened it meanwhile.
    if (!(await isBackup(connection))) return connection.rollback();
    await connection.run({ sql: "DELETE FROM meta WHERE name = ?", parameters: [BACKUP_NOTE] });
    const next = await beginEpoch(connection, id, mark?.read() ?? null, now);
    connection.commit();
    mark?.write(next);
  } catch (error) {
    connection.rollback();
    throw error;
  }
}

async function isBackup(connection: SqliteConnection): Promise<boolean> {
  return (await connection.all({ sql: "SELECT 1 FROM meta WHERE name = ?", parameters: [BACKUP_NOTE] })).length > 0;
}
