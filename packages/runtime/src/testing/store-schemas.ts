import Sqlite from "better-sqlite3";
import { MIGRATIONS } from "../sql/index.ts";
import { schemaForPostgres } from "../stores/postgres/dialect.ts";
import { OWN_TABLES } from "../stores/postgres/own-tables.ts";

const STORES = "packages/python/src/offstage/stores";

/**
 * What the Python package makes stores of, path from the root of the repository → text: the schema of a fresh store as all migrations leave it, for either database, so that nobody writes it
 * a second time.
 */
export function storeSchemas(): ReadonlyMap<string, string> {
  const made = [...madeByMigrations(), "INSERT INTO fences (one, last) VALUES (1, 0)"];
  return new Map([
    [`${STORES}/sqlite/schema.sql`, textOf(made)],
    [`${STORES}/postgres/schema.sql`, textOf([...made.map(schemaForPostgres), ...OWN_TABLES])],
  ]);
}

/** The statements by which SQLite remembers what is there. */
function madeByMigrations(): readonly string[] {
  const database = new Sqlite(":memory:");
  try {
    for (const statement of MIGRATIONS.flat()) database.exec(statement);
    // Tables before their indexes; by name, because the place of a dropped index went to another.
    const rows = database.prepare<[], { readonly sql: string }>("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name").all();
    return rows.map(({ sql }) => sql);
  } finally {
    database.close();
  }
}

function textOf(statements: readonly string[]): string {
  return `-- Printed from the migrations of the TypeScript package: node --conditions=offstage-src scripts/write-store-schemas.ts\n-- version ${MIGRATIONS.length}\n${statements.map((statement) => `\n${statement};\n`).join("")}`;
}
