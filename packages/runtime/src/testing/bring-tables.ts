import type { SqlConnection } from "../sql/index.ts";
import { copyTable, type MovedTable, sumTable, type TableSum } from "../sql/move-tables.ts";
import { connectSqlite } from "../stores/sqlite/sqlite-connection.ts";

/** Copies tables of a SQLite file into another database that has them; their counts and hashes, as they were read. */
export async function bringTables(file: string, into: SqlConnection, tables: readonly MovedTable[]): Promise<readonly TableSum[]> {
  const source = await connectSqlite(file, 1_000);
  try {
    const sums: TableSum[] = [];
    for (const table of tables) sums.push(await copyTable(source, into, table));
    return sums;
  } finally {
    source.close();
  }
}

/** Counts and hashes of what stands in tables now. */
export async function sumTables(connection: SqlConnection, tables: readonly MovedTable[]): Promise<readonly TableSum[]> {
  const sums: TableSum[] = [];
  for (const table of tables) sums.push(await sumTable(connection, table));
  return sums;
}
