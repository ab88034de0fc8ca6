import { encodeValue } from "../base/index.ts";
import type { PlanRow, StoreTx } from "../state/index.ts";
import { excludedColumns } from "./excluded-columns.ts";
import { columnsOf, prepared, queries, type SqlConnection } from "./prepared-query.ts";
import { readValue } from "./read-value.ts";
import type { PlansTable } from "./schema.ts";

const COLUMNS = ["id", "workflow", "created_at", "expires_at", "applied_at", "plan_value", "error_value"] as const satisfies readonly (keyof PlansTable)[];

const byId = prepared((p: { id: string }) => queries.selectFrom("plans").selectAll().where("id", "=", p.id));
const upsert = prepared((p: { readonly [K in keyof PlansTable]: PlansTable[K] }) =>
  queries.insertInto("plans").values(columnsOf(p, COLUMNS)).onConflict((oc) => oc.column("id").doUpdateSet(excludedColumns(COLUMNS))),
);

/** The part of a transaction that keeps plans. */
export function planRows(connection: SqlConnection): Pick<StoreTx, "getPlan" | "putPlan"> {
  return {
    async getPlan(id) {
      const [row] = await connection.all(byId({ id }));
      if (row === undefined) return null;
      return { plan: readValue<PlanRow["plan"]>(row.plan_value), appliedAt: row.applied_at, error: readValue<PlanRow["error"]>(row.error_value) };
    },
    async putPlan({ plan, appliedAt, error }) {
      await connection.run(upsert({ id: plan.id, workflow: plan.workflow, created_at: plan.createdAt, expires_at: plan.expiresAt, applied_at: appliedAt, plan_value: encodeValue(plan), error_value: encodeValue(error) }));
    },
  };
}
