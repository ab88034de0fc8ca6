import type { JournalRow, StoreTx } from "../state/index.ts";
import { excludedColumns } from "./excluded-columns.ts";
import { columnsOf, prepared, queries, type SqlConnection } from "./prepared-query.ts";
import type { JournalTable } from "./schema.ts";

const COLUMNS = ["run_id", "key", "kind", "hash", "value"] as const satisfies readonly (keyof JournalTable)[];

const ofRun = prepared((p: { run_id: string }) => queries.selectFrom("journal").select(["key", "kind", "hash", "value"]).where("run_id", "=", p.run_id).orderBy("place"));
const append = prepared((p: { [K in keyof JournalTable]: JournalTable[K] }) =>
  queries.insertInto("journal").values(columnsOf(p, COLUMNS)).onConflict((oc) => oc.columns(["run_id", "key"]).doUpdateSet(excludedColumns(["kind", "hash", "value"]))),
);
// Two statements, because an OR keeps SQLite from using the index for a range.
const clearOne = prepared((p: { run_id: string; key: string }) => queries.deleteFrom("journal").where("run_id", "=", p.run_id).where("key", "=", p.key));
const clearBelow = prepared((p: { run_id: string; first: string; end: string }) => queries.deleteFrom("journal").where("run_id", "=", p.run_id).where("key", ">=", p.first).where("key", "<", p.end));

/** The part of a transaction that keeps the journals of runs. */
export function journalRows(connection: SqlConnection): Pick<StoreTx, "loadJournal" | "appendJournal" | "clearJournal"> {
  return {
    async loadJournal(runId) {
      return (await connection.all(ofRun({ run_id: runId }))) as readonly JournalRow[];
    },
    async appendJournal(runId, rows) {
      for (const row of rows) await connection.run(append({ run_id: runId, key: row.key, kind: row.kind, hash: row.hash, value: row.value }));
    },
    async clearJournal(runId, key) {
      await connection.run(clearOne({ run_id: runId, key }));
      // All keys that begin with `key/`: "0" is the character after "/".
      await connection.run(clearBelow({ run_id: runId, first: `${key}/`, end: `${key}0` }));
    },
  };
}
