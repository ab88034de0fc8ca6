import { existsSync, writeFileSync } from "node:fs";
import { OffstageError } from "../../base/index.ts";
import { createStoreTx, markIn, type MovedTable, type MovedTo, type MoveSource } from "../../sql/index.ts";
import type { Lease } from "../../state/index.ts";
import { meetBackup } from "./backup-note.ts";
import { migrate, type MigrateOptions } from "./migrate.ts";
import { movedNote } from "./moved-note.ts";
import { refuseLostLog } from "./refuse-lost-log.ts";
import { connectSqlite, type SqliteConnection } from "./sqlite-connection.ts";
import { meetMark } from "./store-mark.ts";

/** What {@link withMoveSource} needs. */
export interface MoveSourceOptions extends MigrateOptions {
  readonly lockTimeoutMs: number;
  readonly isHeld: (lease: Lease) => boolean;
}

/** Who drove it, how its schema came about, and where it went, are the file's own matter. */
const STAYING = ["leases", "migrations", "moved"];

/** See `useSqliteSource`. */
export async function withMoveSource<T>(options: MoveSourceOptions, use: (source: MoveSource) => Promise<T>): Promise<T> {
  const { file, lockTimeoutMs, isHeld } = options;
  if (!existsSync(file)) throw new OffstageError("STORE_UNAVAILABLE", `There is no store ${file} that could be moved.`, { hint: "See store.file in offstage.yaml, and the project's folder." });
  await refuseLostLog(file, lockTimeoutMs);
  const connection = await connectSqlite(file, lockTimeoutMs);
  try {
    const { id, movedTo } = await migrate(connection, options);
    if (movedTo === null) {
      // What it may not know goes along.
      const mark = markIn(`${file}.mark`);
      await meetMark(connection, id, mark, options.now);
      await meetBackup(connection, id, mark, options.now);
      await connection.begin({ durable: true });
      const lease = await createStoreTx(connection).getLease();
      if (lease !== null && isHeld(lease)) throw new OffstageError("STORE_LOCKED", `Process ${lease.holder.pid} on ${lease.holder.host.split(" ")[0]} drives the store ${file}.`, { hint: "End it (Ctrl-C in its terminal, or stop its service), then give the same command again." });
    }
    return await use({ id, movedTo, connection, tables: await tablesOf(connection), leave: (to) => leave(connection, file, to, movedTo !== null) });
  } finally {
    connection.rollback();
    connection.close();
  }
}

async function tableNames(connection: SqliteConnection): Promise<readonly string[]> {
  return (await connection.all<{ name: string }>({ sql: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name", parameters: [] })).map(({ name }) => name);
}

async function tablesOf(connection: SqliteConnection): Promise<readonly MovedTable[]> {
  const tables: MovedTable[] = [];
  for (const name of (await tableNames(connection)).filter((table) => !STAYING.includes(table))) {
    const columns = await connection.all<{ name: string; pk: number }>({ sql: "SELECT name, pk FROM pragma_table_info(?)", parameters: [name] });
    const key = columns.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk).map((column) => column.name);
    tables.push({ name, columns: columns.map((column) => column.name), key, lastPlace: columns.some((column) => column.name === "place") ? await lastPlace(connection, name) : null });
  }
  return tables;
}

async function lastPlace(connection: SqliteConnection, table: string): Promise<number> {
  const [row] = await connection.all<{ last: number | null }>({ sql: `SELECT MAX((SELECT COALESCE(MAX(place), 0) FROM "${table}"), COALESCE((SELECT seq FROM sqlite_sequence WHERE name = ?), 0)) AS last`, parameters: [table] });
  return row?.last ?? 0;
}

/**
 * Whoever has the file open, of whatever version, is told by each of its tables from the commit on: an event that came here would be lost, and a
 * write would be made twice. The lease goes, so that nobody sends what was intended before.
 */
async function leave(connection: SqliteConnection, file: string, to: MovedTo, isLeft: boolean): Promise<void> {
  if (!isLeft) {
    const tables = await tableNames(connection);
    await connection.run({ sql: "DELETE FROM leases", parameters: [] });
    connection.execute("CREATE TABLE moved (note TEXT NOT NULL) STRICT");
    await connection.run({ sql: "INSERT INTO moved (note) VALUES (?)", parameters: [JSON.stringify(to)] });
    for (const name of tables) for (const act of ["INSERT", "UPDATE", "DELETE"]) connection.execute(`CREATE TRIGGER "moved_${name}_${act}" BEFORE ${act} ON "${name}" BEGIN SELECT RAISE(ABORT, 'this store was moved to another database'); END`);
    connection.commit();
  }
  writeFileSync(movedNote(file), `${JSON.stringify(to)}\n`, { mode: 0o600 });
}
