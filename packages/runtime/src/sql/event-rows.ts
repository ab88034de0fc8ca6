import { type Data, encodeValue } from "../base/index.ts";
import type { StoreTx } from "../state/index.ts";
import { columnsOf, prepared, queries, type SqlConnection } from "./prepared-query.ts";
import { readValue } from "./read-value.ts";
import type { EventIdsTable, EventsTable } from "./schema.ts";

type EventRow = { readonly [K in keyof EventsTable]: EventsTable[K] };

const COLUMNS = ["run_id", "step", "id", "offered_at", "event_value"] as const satisfies readonly (keyof EventsTable)[];

const insert = prepared((p: EventRow) => queries.insertInto("events").values(columnsOf(p, COLUMNS)).onConflict((oc) => oc.columns(["run_id", "step", "id"]).doNothing()));
const next = prepared((p: { run_id: string; step: string; place: number }) =>
  queries.selectFrom("events").select(["place", "event_value"]).where("run_id", "=", p.run_id).where("step", "=", p.step).where("place", ">", p.place).orderBy("place").limit(1),
);
const clear = prepared((p: { run_id: string; step: string; place: number }) =>
  queries.updateTable("events").set({ event_value: null }).where("run_id", "=", p.run_id).where("step", "=", p.step).where("place", "<=", p.place).where("event_value", "is not", null),
);

const remember = prepared((p: EventIdsTable) => queries.insertInto("event_ids").values(columnsOf(p, ["run_id", "topic", "id"])).onConflict((oc) => oc.columns(["run_id", "topic", "id"]).doNothing()));
const forget = prepared((p: { run_id: string }) => queries.deleteFrom("event_ids").where("run_id", "=", p.run_id));

/** The part of a transaction that keeps what steps which wait were offered. */
export function eventRows(connection: SqlConnection): Pick<StoreTx, "offerEvent" | "rememberEvent" | "forgetEvents" | "nextEvent" | "clearEvents"> {
  return {
    async offerEvent({ runId, step, id, event, offeredAt }) {
      return (await connection.run(insert({ run_id: runId, step, id, offered_at: offeredAt, event_value: encodeValue(event) }))) > 0;
    },
    async rememberEvent(runId, topic, id) {
      return (await connection.run(remember({ run_id: runId, topic, id }))) > 0;
    },
    async forgetEvents(runId) {
      await connection.run(forget({ run_id: runId }));
    },
    async nextEvent(runId, step, place) {
      const [row] = await connection.all(next({ run_id: runId, step, place }));
      return row === undefined ? null : { place: row.place, event: readValue<Data>(row.event_value ?? "null") };
    },
    async clearEvents(runId, step, place) {
      await connection.run(clear({ run_id: runId, step, place }));
    },
  };
}
