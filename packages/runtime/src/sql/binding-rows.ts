import type { ExpressionBuilder } from "kysely";
import { encodeValue } from "../base/index.ts";
import type { Binding } from "../model/index.ts";
import type { StoreTx } from "../state/index.ts";
import { excludedColumns } from "./excluded-columns.ts";
import { columnsOf, prepared, queries, type SqlConnection } from "./prepared-query.ts";
import { readValue } from "./read-value.ts";
import type { BindingsTable, Schema } from "./schema.ts";

type BindingRow = { readonly [K in keyof BindingsTable]: BindingsTable[K] };

const COLUMNS = [
  "scope", "record", "key", "generation", "revision", "kept_value", "target_key", "adopted", "server", "target", "bound_at", "released_at", "gone_since", "not_converging",
  "workflow", "inputs_hash", "last_seen_at", "last_seen_run", "missed_sweeps", "epoch",
] as const satisfies readonly (keyof BindingsTable)[];

const newest = prepared((p: { scope: string; record: string; key: string }) =>
  queries.selectFrom("bindings").selectAll().where("scope", "=", p.scope).where("record", "=", p.record).where("key", "=", p.key).orderBy("generation", "desc").limit(1),
);
const upsert = prepared((p: BindingRow) =>
  queries.insertInto("bindings").values(columnsOf(p, COLUMNS)).onConflict((oc) => oc.columns(["scope", "record", "key", "generation"]).doUpdateSet(excludedColumns(COLUMNS))),
);
const supersede = prepared((p: { scope: string; record: string; key: string; generation: number; released_at: number }) =>
  queries.updateTable("bindings").set({ released_at: p.released_at }).where("scope", "=", p.scope).where("record", "=", p.record).where("key", "=", p.key)
    .where("generation", "<", p.generation).where("released_at", "is", null),
);
const countLive = prepared((p: { scope: string; record: string }) =>
  queries.selectFrom("bindings").select((eb) => eb.fn.countAll<number>().as("count")).where("scope", "=", p.scope).where("record", "=", p.record).where("released_at", "is", null),
);
const liveOfTarget = prepared((p: { scope: string; record: string; target_key: string }) =>
  queries.selectFrom("bindings").selectAll().where("scope", "=", p.scope).where("record", "=", p.record).where("target_key", "=", p.target_key).where("released_at", "is", null),
);

/** Behind it in the order of the list. */
const isAfter = (last: Pick<Binding, "scope" | "record" | "key" | "generation">) => (eb: ExpressionBuilder<Schema, "bindings">) => eb.or([
  eb("scope", ">", last.scope),
  eb.and([eb("scope", "=", last.scope), eb("record", ">", last.record)]),
  eb.and([eb("scope", "=", last.scope), eb("record", "=", last.record), eb("key", ">", last.key)]),
  eb.and([eb("scope", "=", last.scope), eb("record", "=", last.record), eb("key", "=", last.key), eb("generation", ">", last.generation)]),
]);

/** The part of a transaction that keeps what records are bound to. */
export function bindingRows(connection: SqlConnection): Pick<StoreTx, "getBinding" | "putBinding" | "listBindings" | "countBindings" | "bindingOfTarget"> {
  return {
    async getBinding({ scope, record, key }) {
      const [row] = await connection.all(newest({ scope, record, key }));
      return row === undefined ? null : toBinding(row);
    },
    async putBinding(binding) {
      const row = fromBinding(binding);
      if (row.generation > 1) await connection.run(supersede({ scope: row.scope, record: row.record, key: row.key, generation: row.generation, released_at: row.bound_at }));
      await connection.run(upsert(row));
    },
    async listBindings({ scope, record, key, live, after, limit }) {
      let query = queries.selectFrom("bindings").selectAll().orderBy("scope").orderBy("record").orderBy("key").orderBy("generation").limit(limit);
      if (scope !== undefined) query = query.where("scope", "=", scope);
      if (record !== undefined) query = query.where("record", "=", record);
      if (key !== undefined) query = query.where("key", "=", key);
      if (live !== undefined) query = query.where("released_at", live ? "is" : "is not", null);
      if (after !== undefined) query = query.where(isAfter(after));
      return (await connection.all<BindingsTable>(query.compile())).map(toBinding);
    },
    async countBindings(scope, record) {
      const [row] = await connection.all(countLive({ scope, record }));
      return row?.count ?? 0;
    },
    async bindingOfTarget(scope, record, targetKey) {
      const [row] = await connection.all(liveOfTarget({ scope, record, target_key: targetKey }));
      return row === undefined ? null : toBinding(row);
    },
  };
}

function fromBinding(binding: Binding): BindingRow {
  return {
    scope: binding.scope, record: binding.record, key: binding.key, generation: binding.generation, revision: binding.revision, kept_value: encodeValue(binding.kept), target_key: binding.targetKey,
    adopted: binding.adopted ? 1 : 0, server: binding.server, target: binding.target, bound_at: binding.boundAt, released_at: binding.releasedAt, gone_since: binding.goneSince, not_converging: binding.notConverging,
    workflow: binding.workflow, inputs_hash: binding.inputsHash, last_seen_at: binding.lastSeenAt, last_seen_run: binding.lastSeenRun, missed_sweeps: binding.missedSweeps, epoch: binding.epoch,
  };
}

function toBinding(row: BindingsTable): Binding {
  return {
    scope: row.scope, record: row.record, key: row.key, generation: row.generation, revision: row.revision, kept: readValue<Binding["kept"]>(row.kept_value), targetKey: row.target_key,
    adopted: row.adopted === 1, server: row.server, target: row.target, boundAt: row.bound_at, releasedAt: row.released_at, goneSince: row.gone_since, notConverging: row.not_converging,
    workflow: row.workflow, inputsHash: row.inputs_hash, lastSeenAt: row.last_seen_at, lastSeenRun: row.last_seen_run, missedSweeps: row.missed_sweeps, epoch: row.epoch,
  };
}
