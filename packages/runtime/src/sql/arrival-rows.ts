import { encodeValue } from "../base/index.ts";
import type { Arrival, RunEvent } from "../model/index.ts";
import type { StoreTx } from "../state/index.ts";
import { excludedColumns } from "./excluded-columns.ts";
import { columnsOf, prepared, queries, type SqlConnection } from "./prepared-query.ts";
import { readValue } from "./read-value.ts";
import type { ArrivalsTable, SchedulesTable } from "./schema.ts";

type ArrivalRow = { readonly [K in keyof ArrivalsTable]: ArrivalsTable[K] };

const COLUMNS = ["workflow", "trigger", "id", "key", "overlap", "sweep", "each", "arrived_at", "due_at", "status", "run_id", "why", "event_value"] as const satisfies readonly (keyof ArrivalsTable)[];
const IDENTITY = ["workflow", "trigger", "id"] as const;

const add = prepared((p: ArrivalRow) => queries.insertInto("arrivals").values(columnsOf(p, COLUMNS)).onConflict((oc) => oc.columns(IDENTITY).doNothing()));
const upsert = prepared((p: ArrivalRow) => queries.insertInto("arrivals").values(columnsOf(p, COLUMNS)).onConflict((oc) => oc.columns(IDENTITY).doUpdateSet(excludedColumns(COLUMNS))));
const one = prepared((p: { workflow: string; trigger: string; id: string }) => queries.selectFrom("arrivals").select(COLUMNS).where("workflow", "=", p.workflow).where("trigger", "=", p.trigger).where("id", "=", p.id));
const going = prepared<Record<never, never>, Pick<ArrivalRow, "workflow" | "key" | "run_id">>(() =>
  queries.selectFrom("runs").innerJoin("arrivals", "arrivals.run_id", "runs.id").select(["arrivals.workflow", "arrivals.key", "arrivals.run_id"])
    .where("runs.status", "in", ["queued", "running", "parked"]).orderBy("arrivals.place"),
);
const seen = prepared((p: { workflow: string; trigger: string }) => queries.selectFrom("schedules").selectAll().where("workflow", "=", p.workflow).where("trigger", "=", p.trigger));
const putSeen = prepared((p: SchedulesTable) => queries.insertInto("schedules").values(columnsOf(p, ["workflow", "trigger", "seen_until"])).onConflict((oc) => oc.columns(["workflow", "trigger"]).doUpdateSet(excludedColumns(["seen_until"]))));

/** The part of a transaction that keeps what came for workflows. */
export function arrivalRows(connection: SqlConnection): Pick<StoreTx, "addArrival" | "getArrival" | "putArrival" | "waitingArrivals" | "countWaitingArrivals" | "goingRuns" | "getSchedule" | "putSchedule"> {
  return {
    addArrival: async (arrival) => (await connection.run(add(fromArrival(arrival)))) > 0,
    async getArrival(workflow, trigger, id) {
      const [row] = await connection.all(one({ workflow, trigger, id }));
      return row === undefined ? null : toArrival(row);
    },
    async putArrival(arrival) {
      await connection.run(upsert(fromArrival(arrival)));
    },
    async waitingArrivals({ workflows, now, limit }) {
      const query = queries.selectFrom("arrivals").selectAll().where("status", "=", "waiting").where("workflow", "in", workflows).where("due_at", "<=", now).orderBy("place").limit(limit);
      return (await connection.all<ArrivalsTable>(query.compile())).map(toArrival);
    },
    async countWaitingArrivals({ workflows, limit }) {
      const query = queries.selectFrom("arrivals").select("place").where("status", "=", "waiting").where("workflow", "in", workflows).limit(limit);
      return (await connection.all(query.compile())).length;
    },
    goingRuns: async () => (await connection.all(going({}))).map(({ workflow, key, run_id }) => ({ workflow, key, runId: run_id as string })),
    getSchedule: async (workflow, trigger) => (await connection.all(seen({ workflow, trigger })))[0]?.seen_until ?? null,
    async putSchedule(workflow, trigger, seenUntil) {
      await connection.run(putSeen({ workflow, trigger, seen_until: seenUntil }));
    },
  };
}

function fromArrival({ arrivedAt, dueAt, runId, event, sweep, each, ...rest }: Arrival): ArrivalRow {
  return { ...rest, sweep: sweep ? 1 : 0, each: each ? 1 : 0, arrived_at: arrivedAt, due_at: dueAt, run_id: runId, event_value: encodeValue(event) };
}

function toArrival({ workflow, trigger, id, key, overlap, sweep, each, arrived_at, due_at, status, run_id, why, event_value }: ArrivalRow): Arrival {
  return {
    workflow, trigger, id, key, why, overlap: overlap as Arrival["overlap"], status: status as Arrival["status"], sweep: sweep === 1, each: each === 1,
    arrivedAt: arrived_at, dueAt: due_at, runId: run_id, event: readValue<RunEvent>(event_value),
  };
}
