import { type CompiledQuery, sql } from "kysely";
import { encodeValue } from "../base/index.ts";
import type { Arrival, RunEvent } from "../model/index.ts";
import type { StoreTx } from "../state/index.ts";
import { excludedColumns } from "./excluded-columns.ts";
import { type BoundQuery, columnsOf, type Prepared, prepared, queries, type SqlConnection, type SqlValue } from "./prepared-query.ts";
import { readValue } from "./read-value.ts";
import { GOING } from "./run-rows.ts";
import type { ArrivalsTable, SchedulesTable } from "./schema.ts";

type ArrivalRow = { readonly [K in keyof ArrivalsTable]: ArrivalsTable[K] };

const COLUMNS = ["workflow", "trigger", "id", "key", "overlap", "sweep", "each", "arrived_at", "due_at", "status", "run_id", "why", "event_value"] as const satisfies readonly (keyof ArrivalsTable)[];
const IDENTITY = ["workflow", "trigger", "id"] as const;

const add = prepared((p: ArrivalRow) => queries.insertInto("arrivals").values(columnsOf(p, COLUMNS)).onConflict((oc) => oc.columns(IDENTITY).doNothing()));
const upsert = prepared((p: ArrivalRow) => queries.insertInto("arrivals").values(columnsOf(p, COLUMNS)).onConflict((oc) => oc.columns(IDENTITY).doUpdateSet(excludedColumns(COLUMNS))));
const one = prepared((p: { workflow: string; trigger: string; id: string }) => queries.selectFrom("arrivals").select(COLUMNS).where("workflow", "=", p.workflow).where("trigger", "=", p.trigger).where("id", "=", p.id));
const ofRun = prepared((p: { run_id: string }) => queries.selectFrom("arrivals").select(COLUMNS).where("run_id", "=", p.run_id));
const seen = prepared((p: { workflow: string; trigger: string }) => queries.selectFrom("schedules").selectAll().where("workflow", "=", p.workflow).where("trigger", "=", p.trigger));
const putSeen = prepared((p: SchedulesTable) => queries.insertInto("schedules").values(columnsOf(p, ["workflow", "trigger", "seen_until"])).onConflict((oc) => oc.columns(["workflow", "trigger"]).doUpdateSet(excludedColumns(["seen_until"]))));

/** A row with its place in the order in which they came. */
type PlacedArrival = ArrivalRow & { readonly place: number | string | bigint };

/** Literals, so that the databases see that an index of few rows has what is asked for. */
const WAITING = sql.lit("waiting" as string);

interface Asked {
  readonly now: number;
  readonly limit: number;
}

/** Index alone, but for the rows that are given: thousands may wait behind the first of a key. */
const firstOfFreeKeys = forWorkflows((workflows, { now, limit }) => {
  const firsts = queries.selectFrom("arrivals").select((eb) => ["workflow", "key", eb.fn.min("place").as("first")]).where("status", "=", WAITING).where("workflow", "in", workflows).where("due_at", "<=", now).groupBy(["workflow", "key"]);
  const free = queries.selectFrom(firsts.as("firsts")).select("firsts.first")
    .where((eb) => eb.not(eb.exists(eb.selectFrom("runs").select("runs.id").whereRef("runs.workflow", "=", "firsts.workflow").whereRef("runs.turn", "=", "firsts.key").where("runs.status", "in", GOING))))
    .orderBy("firsts.first").limit(limit);
  return queries.selectFrom("arrivals").selectAll().where("place", "in", free);
});

/** By the index of just these, not by that of workflows: the others may be thousands. */
const unsteadyOnes = forWorkflows((workflows, { now, limit }) =>
  queries.selectFrom("arrivals").selectAll().where("status", "=", WAITING).where(sql<boolean>`(overlap <> 'queue' OR each = 0)`).where(sql<string>`workflow || ''`, "in", workflows).where("due_at", "<=", now).orderBy("place").limit(limit),
);

/** A query about some workflows, compiled once for each number of them. */
function forWorkflows(build: (workflows: readonly string[], asked: Asked) => { compile(): CompiledQuery }): (workflows: readonly string[], asked: Asked) => BoundQuery & { readonly row?: PlacedArrival } {
  const byCount = new Map<number, Prepared<Record<string, SqlValue>, unknown>>();
  return (workflows, asked) => {
    const names = workflows.map((_, index) => `workflow${index}`);
    const known = byCount.get(names.length) ?? prepared((p: Record<string, SqlValue>) => build(names.map((name) => p[name] as string), { now: p["now"] as number, limit: p["limit"] as number }));
    byCount.set(names.length, known);
    return known({ ...Object.fromEntries(names.map((name, index) => [name, workflows[index] as string])), ...asked }) as BoundQuery & { readonly row?: PlacedArrival };
  };
}

/** The part of a transaction that keeps what came for workflows. */
export function arrivalRows(connection: SqlConnection): Pick<StoreTx, "addArrival" | "getArrival" | "arrivalOf" | "putArrival" | "admissibleArrivals" | "countWaitingArrivals" | "getSchedule" | "putSchedule"> {
  return {
    addArrival: async (arrival) => (await connection.run(add(fromArrival(arrival)))) > 0,
    async getArrival(workflow, trigger, id) {
      const [row] = await connection.all(one({ workflow, trigger, id }));
      return row === undefined ? null : toArrival(row);
    },
    async arrivalOf(runId) {
      const [row] = await connection.all(ofRun({ run_id: runId }));
      return row === undefined ? null : toArrival(row);
    },
    async putArrival(arrival) {
      await connection.run(upsert(fromArrival(arrival)));
    },
    async admissibleArrivals({ workflows, now, starts, limit }) {
      const free = await connection.all(firstOfFreeKeys(workflows, { now, limit: starts }));
      const last = free.length < starts ? Infinity : Math.max(...free.map(({ place }) => Number(place)));
      // Behind the last of so many: who comes before them in their turn may not be here.
      const unsteady = (await connection.all(unsteadyOnes(workflows, { now, limit }))).filter(({ place }) => Number(place) <= last);
      const byPlace = new Map([...free, ...unsteady].map((row) => [Number(row.place), row]));
      return [...byPlace].toSorted(([a], [b]) => a - b).map(([, row]) => toArrival(row));
    },
    async countWaitingArrivals({ workflows, limit }) {
      const query = queries.selectFrom("arrivals").select("place").where("status", "=", "waiting").where("workflow", "in", workflows).limit(limit);
      return (await connection.all(query.compile())).length;
    },
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
