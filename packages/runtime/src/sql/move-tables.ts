import { createHash } from "node:crypto";
import { corrupt } from "./read-value.ts";
import type { SqlConnection } from "./prepared-query.ts";

/** A table whose rows go along when a store is moved to another database. */
export interface MovedTable {
  readonly name: string;
  readonly columns: readonly string[];
  /** What tells its rows apart, in the order in which they are read. */
  readonly key: readonly string[];
  /** The highest place that was given in it; null: its rows have no place. */
  readonly lastPlace: number | null;
}

/** How many rows a table has, and the SHA-256 of all they hold, in the order of their keys. The same in every database. */
export interface TableSum {
  readonly table: string;
  readonly rows: number;
  readonly sha256: string;
}

type Row = Readonly<Record<string, unknown>>;

/** A page begins with this many rows; it grows while they are small, and shrinks when they are not. */
const FIRST_PAGE = 8;
const LARGEST_PAGE = 512;
const SMALL_BYTES = 256 << 10;
const LARGE_BYTES = 4 << 20;

/** Copies the rows of a table into one of the same name that has none; gives back the sum of what was read. */
export async function copyTable(source: SqlConnection, target: SqlConnection, table: MovedTable): Promise<TableSum> {
  return eachPage(source, table, async (rows) => {
    const places = table.columns.map(() => "?").join(", ");
    await target.run({ sql: `INSERT INTO ${quote(table.name)} (${table.columns.map(quote).join(", ")}) VALUES ${rows.map(() => `(${places})`).join(", ")}`, parameters: rows.flatMap((row) => table.columns.map((column) => row[column])) });
  });
}

/** The sum of a table, read from the beginning to the end. */
export function sumTable(connection: SqlConnection, table: MovedTable): Promise<TableSum> {
  return eachPage(connection, table, () => Promise.resolve());
}

async function eachPage(connection: SqlConnection, table: MovedTable, use: (rows: readonly Row[]) => Promise<void>): Promise<TableSum> {
  const hash = createHash("sha256");
  let count = 0;
  let last: Row | null = null;
  for (let size = FIRST_PAGE; ; ) {
    const rows: readonly Row[] = await connection.all<Row>(page(table, last, size));
    if (rows.length === 0) return { table: table.name, rows: count, sha256: hash.digest("hex") };
    let bytes = 0;
    for (const row of rows) for (const column of table.columns) for (const part of partsOf(row[column], table.name)) {
      hash.update(part);
      bytes += part.length;
    }
    await use(rows);
    count += rows.length;
    last = rows.at(-1) ?? null;
    if (bytes < SMALL_BYTES) size = Math.min(2 * size, LARGEST_PAGE);
    else if (bytes > LARGE_BYTES) size = Math.max(1, Math.floor(size / 4));
  }
}

function page({ name, columns, key }: MovedTable, after: Row | null, limit: number): { readonly sql: string; readonly parameters: readonly unknown[] } {
  const order = key.map(quote).join(", ");
  const where = after === null ? "" : ` WHERE (${order}) > (${key.map(() => "?").join(", ")})`;
  return { sql: `SELECT ${columns.map(quote).join(", ")} FROM ${quote(name)}${where} ORDER BY ${order} LIMIT ?`, parameters: [...(after === null ? [] : key.map((column) => after[column])), limit] };
}

/** A value such that no two rows have the same bytes. */
function partsOf(value: unknown, table: string): readonly (string | Uint8Array)[] {
  if (value === null) return ["n;"];
  if (typeof value === "number") return [`i${value};`];
  if (typeof value === "string") return [`t${Buffer.byteLength(value)}:`, value];
  if (value instanceof Uint8Array) return [`b${value.length}:`, value];
  throw corrupt(`A row of the table ${table} has a value of no known type.`);
}

function quote(name: string): string {
  return `"${name}"`;
}
