import { type RawBuilder, sql } from "kysely";
import type { RetentionTx } from "../state/index.ts";
import { blobsNamedIn } from "./blob-names.ts";
import { queries, type SqlConnection } from "./prepared-query.ts";
import type { Schema } from "./schema.ts";

/** Where names of blobs may stand: the columns that hold what workflows, people and servers say, and what tells the rows of a table apart. */
export const TEXTS = [
  textsOf("runs", ["id"], ["inputs_value", "event_value", "output_value", "error_value", "failures_value", "held_value", "ambiguous_value", "waits_value", "turn"]),
  textsOf("programs", ["hash"], ["program_value"]),
  textsOf("journal", ["place"], ["key", "value"]),
  textsOf("effects", ["place"], ["key", "step", "identity_step", "args_value", "outcome_value", "completion"]),
  textsOf("bindings", ["scope", "record", "key", "generation"], ["key", "kept_value", "target_key", "not_converging"]),
  textsOf("requests", ["id"], ["args_value", "label", "reason", "answered_why", "by_value", "answers_value"]),
  textsOf("waits", ["run_id", "step"], ["step", "topic", "wait_value"]),
  textsOf("events", ["place"], ["step", "id", "event_value"]),
  textsOf("event_ids", ["run_id", "topic", "id"], ["id"]),
  textsOf("arrivals", ["place"], ["id", "key", "why", "event_value"]),
  textsOf("plans", ["id"], ["plan_value", "error_value"]),
  textsOf("states", ["scope", "name", "key"], ["key", "value"]),
  textsOf("meta", ["name"], ["meta_value"]),
];

interface Texts {
  readonly table: keyof Schema;
  readonly key: readonly string[];
  readonly columns: readonly string[];
}

function textsOf<T extends keyof Schema>(table: T, key: readonly (keyof Schema[T] & string)[], columns: readonly (keyof Schema[T] & string)[]): Texts {
  return { table, key, columns };
}

/** The part of a transaction that finds and removes blobs that nothing names. */
export function oldBlobRows(connection: SqlConnection): Pick<RetentionTx, "oldBlobs" | "namedBlobs" | "removeBlobs"> {
  return {
    async oldBlobs(before, after, limit) {
      const rows = await connection.all<{ hash: string; old: number; bytes: number }>(sql`
        SELECT hash, CASE WHEN kept_at < ${before} THEN 1 ELSE 0 END AS old, length(bytes) AS bytes FROM blobs WHERE hash > ${after} ORDER BY hash LIMIT ${limit}`.compile(queries));
      const old = rows.filter((row) => Number(row.old) === 1);
      return { bytes: new Map(old.map(({ hash, bytes }) => [hash, Number(bytes)])), last: rows.length < limit ? null : (rows.at(-1)?.hash ?? null) };
    },
    async namedBlobs(after, limit) {
      const { table, key } = after ?? { table: 0, key: [] };
      const texts = TEXTS[table];
      if (texts === undefined) return { hashes: [], last: null };
      const rows = await connection.all<Readonly<Record<string, string | number | null>>>(page(texts, key, limit).compile(queries));
      const hashes = new Set(rows.flatMap((row) => texts.columns.flatMap((_column, index) => blobsNamedIn(String(row[`text${index}`] ?? "")))));
      const end = rows.length < limit ? undefined : rows.at(-1);
      const next = end === undefined ? { table: table + 1, key: [] } : { table, key: texts.key.map((_column, index) => end[`key${index}`] ?? "") };
      return { hashes: [...hashes], last: next.table < TEXTS.length ? next : null };
    },
    async removeBlobs(before, hashes) {
      const old = sql`FROM blobs WHERE kept_at < ${before} AND hash IN (${hashes.length === 0 ? sql`NULL` : sql.join(hashes)})`;
      const [sum] = await connection.all<{ bytes: number | string | null }>(sql`SELECT SUM(length(bytes)) AS bytes ${old}`.compile(queries));
      return { blobs: await connection.run(sql`DELETE ${old}`.compile(queries)), bytes: Number(sum?.bytes ?? 0) };
    },
  };
}

/** Of each row in the order of its table: its key, and those of its texts in which something is named. */
function page({ table, key, columns }: Texts, after: readonly unknown[], limit: number): RawBuilder<unknown> {
  const order = sql.join(key.map((column) => sql.ref(column)));
  const keys = key.map((column, index) => sql`${sql.ref(column)} AS ${sql.ref(`key${index}`)}`);
  const texts = columns.map((column, index) => sql`CASE WHEN ${sql.ref(column)} LIKE '%blob:sha256:%' THEN ${sql.ref(column)} END AS ${sql.ref(`text${index}`)}`);
  const behind = after.length === 0 ? sql`` : sql`WHERE (${order}) > (${sql.join(after)})`;
  return sql`SELECT ${sql.join([...keys, ...texts])} FROM ${sql.table(table)} ${behind} ORDER BY ${order} LIMIT ${limit}`;
}
