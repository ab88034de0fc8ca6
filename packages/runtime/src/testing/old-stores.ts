import { readdirSync, readFileSync } from "node:fs";
import Sqlite from "better-sqlite3";
import type { MovedTable, TableSum } from "../sql/move-tables.ts";
import { connectSqlite } from "../stores/sqlite/sqlite-connection.ts";
import { sumTables } from "./bring-tables.ts";

const FOLDER = new URL("./old-stores/", import.meta.url);

/** The versions of which there is a store that was made by their own code (`scripts/old-stores`). */
export const OLD_VERSIONS: readonly number[] = readdirSync(FOLDER).map((name) => Number(/\d+/.exec(name))).toSorted((a, b) => a - b);

/** Makes the store of an earlier version in `file`, with something of everything that it kept, and gives back its tables. */
export function makeOldStore(version: number, file: string): readonly MovedTable[] {
  const database = new Sqlite(file);
  try {
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = OFF");
    database.exec(`BEGIN; ${readFileSync(new URL(`version-${version}.sql`, FOLDER), "utf8")} COMMIT`);
    const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migrations' ORDER BY name").all() as { name: string }[];
    return names.map(({ name }) => {
      const columns = database.prepare("SELECT name, pk FROM pragma_table_info(?)").all(name) as { name: string; pk: number }[];
      return { name, columns: columns.map((column) => column.name), key: columns.filter(({ pk }) => pk > 0).toSorted((a, b) => a.pk - b.pk).map((column) => column.name), lastPlace: null };
    });
  } finally {
    database.close();
  }
}

/** What stands in these columns of these tables: the same before and after a migration. */
export async function sumOf(file: string, tables: readonly MovedTable[]): Promise<readonly TableSum[]> {
  const connection = await connectSqlite(file, 1_000);
  try {
    return await sumTables(connection, tables);
  } finally {
    connection.close();
  }
}

/** The schema as it stands in a file, and its version. */
export function schemaOf(file: string): { readonly version: unknown; readonly schema: readonly unknown[] } {
  const database = new Sqlite(file, { readonly: true });
  try {
    return { version: database.pragma("user_version", { simple: true }), schema: database.prepare("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY name").all() };
  } finally {
    database.close();
  }
}
