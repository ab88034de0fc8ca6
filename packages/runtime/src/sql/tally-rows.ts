import type { RunStatus } from "../model/index.ts";
import type { StoreTx } from "../state/index.ts";
import { prepared, queries, type SqlConnection } from "./prepared-query.ts";

type NoParameters = Record<never, never>;

const runs = prepared<NoParameters, { readonly workflow: string; readonly status: string; readonly count: number | string | bigint }>(() =>
  queries.selectFrom("runs").select((eb) => ["workflow", "status", eb.fn.countAll().as("count")]).where("status", "in", ["queued", "running", "parked"]).groupBy(["workflow", "status"]).orderBy("workflow").orderBy("status"),
);
const arrivals = prepared<NoParameters, { readonly workflow: string; readonly count: number | string | bigint; readonly first_due_at: number }>(() =>
  queries.selectFrom("arrivals").select((eb) => ["workflow", eb.fn.countAll().as("count"), eb.fn.min("due_at").as("first_due_at")]).where("status", "=", "waiting").groupBy("workflow").orderBy("workflow"),
);
const requests = prepared<NoParameters, { readonly count: number | string | bigint }>(() => queries.selectFrom("requests").select((eb) => eb.fn.countAll().as("count")).where("status", "=", "open"));
const questions = prepared<NoParameters, { readonly count: number | string | bigint }>(() => queries.selectFrom("waits").select((eb) => eb.fn.countAll().as("count")).where("status", "=", "open").where("kind", "=", "approval"));

/** The part of a transaction that counts. Databases give counts in several types. */
export function tallyRows(connection: SqlConnection): Pick<StoreTx, "tally"> {
  return {
    tally: async () => ({
      runs: (await connection.all(runs({}))).map(({ workflow, status, count }) => ({ workflow, status: status as RunStatus, count: Number(count) })),
      arrivals: (await connection.all(arrivals({}))).map(({ workflow, count, first_due_at }) => ({ workflow, count: Number(count), firstDueAt: Number(first_due_at) })),
      requests: Number((await connection.all(requests({})))[0]?.count ?? 0),
      questions: Number((await connection.all(questions({})))[0]?.count ?? 0),
    }),
  };
}
