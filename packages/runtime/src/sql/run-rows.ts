import { encodeValue } from "../base/index.ts";
import { sql } from "kysely";
import type { Run, RunStatus } from "../model/index.ts";
import type { StoreTx } from "../state/index.ts";
import type { Program } from "../program/index.ts";
import { excludedColumns } from "./excluded-columns.ts";
import { columnsOf, prepared, queries, type SqlConnection } from "./prepared-query.ts";
import { readValue } from "./read-value.ts";
import type { RunsTable } from "./schema.ts";

const COLUMNS = [
  "id", "root_run_id", "workflow", "scope", "program_hash", "phase", "status", "created_at", "started_at", "ended_at", "inputs_value", "event_value",
  "output_value", "error_value", "failures_value", "held_value", "ambiguous_value", "counts_value", "waits_value", "driven_ms", "sweep", "turn",
] as const satisfies readonly (keyof RunsTable)[];

const byId = prepared((p: { id: string }) => queries.selectFrom("runs").selectAll().where("id", "=", p.id));
const upsert = prepared((p: RunRow) =>
  queries.insertInto("runs").values(columnsOf(p, COLUMNS)).onConflict((oc) => oc.column("id").doUpdateSet(excludedColumns(COLUMNS))),
);
/** As literals: an index of runs that go on is small, and found only when the database sees what is asked for. */
export const GOING = (["queued", "running", "parked"] as const).map((status) => sql.lit(status as string));

const inStatus = (status: RunStatus) => prepared((p: { limit: number }) => queries.selectFrom("runs").selectAll().where("status", "=", sql.lit(status as string)).orderBy("created_at").orderBy("id").limit(p.limit));
const [queued, running] = [inStatus("queued"), inStatus("running")];
const queuedIds = prepared((p: { limit: number }) => queries.selectFrom("runs").select("id").where("status", "=", sql.lit("queued" as string)).limit(p.limit));
const queuedOfPhase = prepared((p: { limit: number; phase: string }) => queries.selectFrom("runs").select("id").where("status", "=", sql.lit("queued" as string)).where("phase", "=", p.phase).limit(p.limit));
const going = prepared((p: { workflow: string; turn: string }) => queries.selectFrom("runs").select("id").where("workflow", "=", p.workflow).where("turn", "=", p.turn).where("status", "in", GOING).limit(1));
const programByHash = prepared((p: { hash: string }) => queries.selectFrom("programs").select("program_value").where("hash", "=", p.hash));
const hasProgram = prepared((p: { hash: string }) => queries.selectFrom("programs").select("hash").where("hash", "=", p.hash));
const insertProgram = prepared((p: { hash: string; program_value: string }) => queries.insertInto("programs").values(columnsOf(p, ["hash", "program_value"])).onConflict((oc) => oc.column("hash").doNothing()));

/** A {@link RunsTable} row as an object literal's type: interfaces lack the index signature that parameters need. */
type RunRow = { readonly [K in keyof RunsTable]: RunsTable[K] };

/** The part of a transaction that keeps runs and their programs. */
export function runRows(connection: SqlConnection): Pick<StoreTx, "getRun" | "putRun" | "listRuns" | "begunRuns" | "countQueued" | "goingRun" | "getProgram" | "putProgram"> {
  return {
    async getRun(id) {
      const [row] = await connection.all(byId({ id }));
      return row === undefined ? null : toRun(row);
    },
    async putRun(run) {
      await connection.run(upsert(fromRun(run)));
    },
    async listRuns({ status, workflow, rootRunId, before, limit }) {
      let query = queries.selectFrom("runs").selectAll().orderBy("created_at", "desc").orderBy("id", "desc").limit(limit);
      if (status !== undefined) query = query.where("status", "in", status);
      if (workflow !== undefined) query = query.where("workflow", "=", workflow);
      if (rootRunId !== undefined) query = query.where("root_run_id", "=", rootRunId);
      if (before !== undefined) query = query.where((eb) => eb.or([eb("created_at", "<", before.createdAt), eb.and([eb("created_at", "=", before.createdAt), eb("id", "<", before.id)])]));
      return (await connection.all<RunsTable>(query.compile())).map(toRun);
    },
    async begunRuns(limit) {
      const rows = [...(await connection.all(queued({ limit }))), ...(await connection.all(running({ limit })))];
      return rows.map(toRun).toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)).slice(0, limit);
    },
    countQueued: async (limit, phase) => (await connection.all(phase === undefined ? queuedIds({ limit }) : queuedOfPhase({ limit, phase }))).length,
    goingRun: async (workflow, turn) => (await connection.all(going({ workflow, turn })))[0]?.id ?? null,
    async getProgram(hash) {
      const [row] = await connection.all(programByHash({ hash }));
      return row === undefined ? null : (readValue<Program>(row.program_value));
    },
    async putProgram(hash, program) {
      // Each run brings its program, and few are new: one is large to write.
      if ((await connection.all(hasProgram({ hash }))).length > 0) return;
      await connection.run(insertProgram({ hash, program_value: encodeValue(program) }));
    },
  };
}

function fromRun(run: Run): RunRow {
  return {
    id: run.id, root_run_id: run.rootRunId, workflow: run.workflow, scope: run.scope, program_hash: run.programHash, phase: run.phase, status: run.status,
    created_at: run.createdAt, started_at: run.startedAt, ended_at: run.endedAt,
    inputs_value: encodeValue(run.inputs), event_value: encodeValue(run.event), output_value: encodeValue(run.output), error_value: encodeValue(run.error),
    failures_value: encodeValue(run.failures), held_value: encodeValue(run.held), ambiguous_value: encodeValue(run.ambiguous), counts_value: encodeValue(run.counts),
    waits_value: encodeValue(run.waits), driven_ms: run.drivenMs, sweep: run.sweep ? 1 : 0, turn: run.turn,
  };
}

/** A run as its row has it. */
export function toRun(row: RunsTable): Run {
  return {
    id: row.id, rootRunId: row.root_run_id, workflow: row.workflow, scope: row.scope, programHash: row.program_hash, phase: row.phase as Run["phase"], status: row.status as Run["status"],
    createdAt: row.created_at, startedAt: row.started_at, endedAt: row.ended_at,
    inputs: readValue<Run["inputs"]>(row.inputs_value), event: readValue<Run["event"]>(row.event_value), output: readValue<Run["output"]>(row.output_value), error: readValue<Run["error"]>(row.error_value),
    failures: readValue<Run["failures"]>(row.failures_value), held: readValue<Run["held"]>(row.held_value), ambiguous: readValue<Run["ambiguous"]>(row.ambiguous_value), counts: readValue<Run["counts"]>(row.counts_value),
    waits: readValue<Run["waits"]>(row.waits_value), drivenMs: row.driven_ms, sweep: row.sweep === 1, turn: row.turn,
  };
}
