import { sql } from "kysely";
import { encodeValue } from "../base/index.ts";
import type { ApprovalRequest } from "../model/index.ts";
import type { StoreTx } from "../state/index.ts";
import { excludedColumns } from "./excluded-columns.ts";
import { columnsOf, prepared, queries, type SqlConnection } from "./prepared-query.ts";
import { readValue } from "./read-value.ts";
import type { RequestsTable } from "./schema.ts";

type RequestRow = { readonly [K in keyof RequestsTable]: RequestsTable[K] };

const COLUMNS = [
  "id", "effect", "args_hash", "args_value", "server", "tool", "target", "workflow", "run_id", "root_run_id", "label", "reason", "opened_at", "status", "answered_at", "answered_by", "answered_why", "expires_at",
  "by_value", "count", "answers_value", "continued_by", "notice",
] as const satisfies readonly (keyof RequestsTable)[];

const byId = prepared((p: { id: string }) => queries.selectFrom("requests").selectAll().where("id", "=", p.id));
const ofEffect = prepared((p: { effect: string }) =>
  queries.selectFrom("requests").selectAll().where("effect", "=", p.effect).where("status", "in", ["open", "approved", "denied"]),
);
/** Literals, so that the databases see that an index of few rows has what is asked for: every run asks at its end. */
const owed = prepared((p: { root_run_id: string }) => queries.selectFrom("requests").selectAll().where("root_run_id", "=", p.root_run_id).where("status", "=", sql.lit("approved" as string)).where("continued_by", "is", null));
const upsert = prepared((p: RequestRow) =>
  queries.insertInto("requests").values(columnsOf(p, COLUMNS)).onConflict((oc) => oc.column("id").doUpdateSet(excludedColumns(COLUMNS))),
);

/** The part of a transaction that keeps what people were asked. */
export function requestRows(connection: SqlConnection): Pick<StoreTx, "getRequest" | "requestsOf" | "owedRequests" | "putRequest" | "listRequests"> {
  return {
    async getRequest(id) {
      const [row] = await connection.all(byId({ id }));
      return row === undefined ? null : toRequest(row);
    },
    async requestsOf(effect) {
      // Sorted here: they are few, and each write asks; setting up a sorter costs SQLite more than all the rest of this.
      return newestFirst(await connection.all(ofEffect({ effect })));
    },
    owedRequests: async (rootRunId) => newestFirst(await connection.all(owed({ root_run_id: rootRunId }))),
    async putRequest(request) {
      await connection.run(upsert(fromRequest(request)));
    },
    async listRequests({ status, limit }) {
      let query = queries.selectFrom("requests").selectAll().orderBy("opened_at", "desc").orderBy("id", "desc").limit(limit);
      if (status !== undefined) query = query.where("status", "in", status);
      return (await connection.all<RequestsTable>(query.compile())).map(toRequest);
    },
  };
}

function newestFirst(rows: readonly RequestsTable[]): readonly ApprovalRequest[] {
  return rows.map(toRequest).toSorted((a, b) => b.openedAt - a.openedAt || (a.id < b.id ? 1 : -1));
}

function fromRequest(request: ApprovalRequest): RequestRow {
  return {
    id: request.id, effect: request.effect, args_hash: request.argsHash, args_value: encodeValue(request.args), server: request.server, tool: request.tool, target: request.target, workflow: request.workflow, run_id: request.runId, root_run_id: request.rootRunId,
    label: request.label, reason: request.reason, opened_at: request.openedAt, status: request.status, answered_at: request.answeredAt, answered_by: request.answeredBy, answered_why: request.answeredWhy, expires_at: request.expiresAt,
    by_value: encodeValue(request.by), count: request.count, answers_value: encodeValue(request.answers), continued_by: request.continuedBy, notice: request.notice,
  };
}

function toRequest(row: RequestsTable): ApprovalRequest {
  return {
    id: row.id, effect: row.effect, argsHash: row.args_hash, args: readValue<ApprovalRequest["args"]>(row.args_value), server: row.server, tool: row.tool, target: row.target, workflow: row.workflow, runId: row.run_id, rootRunId: row.root_run_id,
    label: row.label, reason: row.reason, openedAt: row.opened_at, status: row.status as ApprovalRequest["status"], answeredAt: row.answered_at, answeredBy: row.answered_by, answeredWhy: row.answered_why, expiresAt: row.expires_at,
    by: readValue<ApprovalRequest["by"]>(row.by_value), count: row.count, answers: readValue<ApprovalRequest["answers"]>(row.answers_value), continuedBy: row.continued_by, notice: row.notice,
  };
}
