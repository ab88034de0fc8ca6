import { sql } from "kysely";
import { encodeValue, type Json } from "../base/index.ts";
import type { MetaName, StoreTx } from "../state/index.ts";
import { excludedColumns } from "./excluded-columns.ts";
import { columnsOf, prepared, queries, type SqlConnection } from "./prepared-query.ts";
import { readValue } from "./read-value.ts";

/** What a fact is in a store that nobody told otherwise. */
const META_DEFAULTS: { readonly [K in MetaName]: Json } = { epoch: 1, paused: [], "restored-at": null, "doubt-ended": null, "removed-until": null };

const stateOf = prepared((p: { scope: string; name: string; key: string }) => queries.selectFrom("states").select(["value", "version"]).where("scope", "=", p.scope).where("name", "=", p.name).where("key", "=", p.key));
const insertState = prepared((p: { scope: string; name: string; key: string; value: string }) =>
  queries.insertInto("states").values({ ...columnsOf(p, ["scope", "name", "key", "value"]), version: 1 }).onConflict((oc) => oc.columns(["scope", "name", "key"]).doNothing()),
);
const updateState = prepared((p: { scope: string; name: string; key: string; value: string; expected: number }) =>
  queries.updateTable("states").set({ value: p.value, version: sql<number>`version + 1` }).where("scope", "=", p.scope).where("name", "=", p.name).where("key", "=", p.key).where("version", "=", p.expected),
);
const scopeOf = prepared((p: { workflow: string }) => queries.selectFrom("scopes").select("scope").where("workflow", "=", p.workflow));
const upsertScope = prepared((p: { workflow: string; scope: string }) =>
  queries.insertInto("scopes").values(columnsOf(p, ["workflow", "scope"])).onConflict((oc) => oc.column("workflow").doUpdateSet(excludedColumns(["scope"]))),
);
const metaOf = prepared((p: { name: string }) => queries.selectFrom("meta").select("meta_value").where("name", "=", p.name));
const upsertMeta = prepared((p: { name: string; meta_value: string }) =>
  queries.insertInto("meta").values(columnsOf(p, ["name", "meta_value"])).onConflict((oc) => oc.column("name").doUpdateSet(excludedColumns(["meta_value"]))),
);

/** The part of a transaction that keeps durable values, scopes and store-wide facts. */
export function stateRows(connection: SqlConnection): Pick<StoreTx, "getState" | "putState" | "getScope" | "putScope" | "getMeta" | "putMeta"> {
  return {
    async getState(scope, name, key) {
      return (await connection.all(stateOf({ scope, name, key })))[0] ?? null;
    },
    async putState(scope, name, key, value, expected) {
      const query = expected === 0 ? insertState({ scope, name, key, value }) : updateState({ scope, name, key, value, expected });
      return (await connection.run(query)) === 1;
    },
    async getScope(workflow) {
      return (await connection.all(scopeOf({ workflow })))[0]?.scope ?? null;
    },
    async putScope(workflow, scope) {
      await connection.run(upsertScope({ workflow, scope }));
    },
    async getMeta(name) {
      const [row] = await connection.all(metaOf({ name }));
      return row === undefined ? META_DEFAULTS[name] : (readValue<Json>(row.meta_value));
    },
    async putMeta(name, value) {
      await connection.run(upsertMeta({ name, meta_value: encodeValue(value) }));
    },
  };
}
