import { sql, type RawBuilder } from "kysely";

/** `SET a = excluded.a, …`: an insert that meets its row becomes an update of these columns. */
export function excludedColumns<const C extends string>(columns: readonly C[]): { readonly [K in C]: RawBuilder<never> } {
  return Object.fromEntries(columns.map((column) => [column, sql`${sql.ref(`excluded.${column}`)}`])) as { [K in C]: RawBuilder<never> };
}
