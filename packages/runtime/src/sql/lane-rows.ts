import { sql } from "kysely";
import { encodeValue, type Json } from "../base/index.ts";
import type { StoreTx } from "../state/index.ts";
import { excludedColumns } from "./excluded-columns.ts";
import { columnsOf, prepared, queries, type SqlConnection } from "./prepared-query.ts";
import { readValue } from "./read-value.ts";

// The database's clock: machines have different ones, and all of them have to mean the same by an instant.
const laneOf = prepared((p: { credential: string }) =>
  queries.selectNoFrom((eb) => [sql<number>`CAST(unixepoch('subsec') * 1000 AS BIGINT)`.as("now"), eb.selectFrom("lanes").select("lane_value").where("credential", "=", p.credential).as("lane_value")]),
);
const upsert = prepared((p: { credential: string; lane_value: string }) =>
  queries.insertInto("lanes").values(columnsOf(p, ["credential", "lane_value"])).onConflict((oc) => oc.column("credential").doUpdateSet(excludedColumns(["lane_value"]))),
);

/** The part of a transaction that keeps the turns of calls. */
export function laneRows(connection: SqlConnection): Pick<StoreTx, "getLane" | "putLane"> {
  return {
    async getLane(credential) {
      const [row] = await connection.all(laneOf({ credential }));
      return { lane: row?.lane_value == null ? null : readValue<Json>(row.lane_value), now: Number(row?.now) };
    },
    async putLane(credential, lane) {
      await connection.run(upsert({ credential, lane_value: encodeValue(lane) }));
    },
  };
}
