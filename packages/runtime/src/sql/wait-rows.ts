import { sql } from "kysely";
import { encodeValue } from "../base/index.ts";
import type { Wait } from "../model/index.ts";
import type { StoreTx } from "../state/index.ts";
import { excludedColumns } from "./excluded-columns.ts";
import { type BoundQuery, columnsOf, type Prepared, prepared, queries, type SqlConnection, type SqlValue } from "./prepared-query.ts";
import { readValue } from "./read-value.ts";
import { toRun } from "./run-rows.ts";
import type { RunsTable, WaitsTable } from "./schema.ts";

type WaitRow = { readonly [K in keyof WaitsTable]: WaitsTable[K] };

const COLUMNS = ["run_id", "step", "id", "kind", "status", "topic", "since", "until", "wait_value"] as const satisfies readonly (keyof WaitsTable)[];

const byStep = prepared((p: { run_id: string; step: string }) => queries.selectFrom("waits").selectAll().where("run_id", "=", p.run_id).where("step", "=", p.step));
const upsert = prepared((p: WaitRow) => queries.insertInto("waits").values(columnsOf(p, COLUMNS)).onConflict((oc) => oc.columns(["run_id", "step"]).doUpdateSet(excludedColumns(COLUMNS))));
const remove = prepared((p: { run_id: string; step: string }) => queries.deleteFrom("waits").where("run_id", "=", p.run_id).where("step", "=", p.step));
const removeOffered = prepared((p: { run_id: string; step: string }) => queries.deleteFrom("events").where("run_id", "=", p.run_id).where("step", "=", p.step));
const topics = prepared<Record<never, never>, Pick<WaitsTable, "topic">>(() => queries.selectFrom("waits").select("topic").distinct().where("topic", "is not", null).where("kind", "=", "event").where("status", "in", ["open", "ready"]).orderBy("topic"));
/**
 * Literals, so that the databases see that an index of few rows has what is asked for; and no index of runs by their status in the two queries below: thousands may be parked, and few of them
 * have what they wait for.
 */
const [READY, OPEN] = [sql.lit("ready" as string), sql.lit("open" as string)];
const due = prepared((p: { now: number; limit: number }) =>
  queries.selectFrom("runs").selectAll()
    .where("id", "in", queries.selectFrom("waits").select("run_id").where("status", "=", READY).unionAll(queries.selectFrom("waits").select("run_id").where("status", "=", OPEN).where("until", "<=", p.now)))
    .where(sql<boolean>`status || '' = 'parked'`).orderBy("created_at").orderBy("id").limit(p.limit),
);
const wake = prepared<Record<never, never>, Pick<WaitsTable, "until">>(() =>
  queries.selectFrom("waits").select("until").where("status", "=", OPEN).where("until", "is not", null).where(sql<boolean>`(SELECT runs.status FROM runs WHERE runs.id = waits.run_id) = 'parked'`).orderBy("until").limit(1),
);
const ofRun = prepared((p: { run_id: string }) => queries.selectFrom("waits").selectAll().where("run_id", "=", p.run_id).orderBy("since", "desc").orderBy("id", "desc"));

type Filter = Parameters<StoreTx["listWaits"]>[0];

const FIELDS = { runId: "run_id", kind: "kind", topic: "topic" } as const;
const lists = new Map<string, Prepared<Record<string, SqlValue>, WaitsTable>>();

/** Asked at every event that comes: compiled once for each shape that a filter has. */
function listed({ status, limit, ...equal }: Filter): BoundQuery & { readonly row?: WaitsTable } {
  const fields = (["runId", "kind", "topic"] as const).filter((field) => equal[field] !== undefined);
  const shape = JSON.stringify([fields, status?.length]);
  const known = lists.get(shape) ?? prepared((p: Record<string, SqlValue>) => {
    let query = queries.selectFrom("waits").selectAll().orderBy("since", "desc").orderBy("id", "desc").limit(p["limit"] as number);
    for (const field of fields) query = query.where(FIELDS[field], "=", p[field] as string);
    return status === undefined ? query : query.where("status", "in", status.map((_, index) => p[`status${index}`] as string));
  });
  lists.set(shape, known);
  return known({ ...equal, limit, ...Object.fromEntries((status ?? []).map((one, index) => [`status${index}`, one])) } as Record<string, SqlValue>);
}

/** The part of a transaction that keeps what runs wait for. */
export function waitRows(connection: SqlConnection): Pick<StoreTx, "getWait" | "putWait" | "removeWait" | "listWaits" | "waitsOf" | "openTopics" | "dueRuns" | "nextWake"> {
  return {
    async getWait(runId, step) {
      const [row] = await connection.all(byStep({ run_id: runId, step }));
      return row === undefined ? null : toWait(row);
    },
    async putWait(wait) {
      await connection.run(upsert(fromWait(wait)));
    },
    async removeWait(runId, step) {
      await connection.run(remove({ run_id: runId, step }));
      await connection.run(removeOffered({ run_id: runId, step }));
    },
    waitsOf: async (runId) => (await connection.all(ofRun({ run_id: runId }))).map(toWait),
    listWaits: async (filter) => (await connection.all(listed(filter))).map(toWait),
    openTopics: async () => (await connection.all(topics({}))).map(({ topic }) => topic as string),
    dueRuns: async (now, limit) => (await connection.all<RunsTable>(due({ now, limit }))).map(toRun),
    nextWake: async () => (await connection.all(wake({})))[0]?.until ?? null,
  };
}

function fromWait(wait: Wait): WaitRow {
  return { run_id: wait.runId, step: wait.step, id: wait.id, kind: wait.kind, status: wait.status, topic: topicOf(wait), since: wait.since, until: wait.until, wait_value: encodeValue(wait) };
}

function topicOf(wait: Wait): string | null {
  return "topic" in wait ? wait.topic : null;
}

function toWait(row: Pick<WaitsTable, "wait_value">): Wait {
  return readValue<Wait>(row.wait_value);
}
