import { sql } from "kysely";
import { OffstageError } from "../base/index.ts";
import type { Lease, StoreTx } from "../state/index.ts";
import { excludedColumns } from "./excluded-columns.ts";
import { columnsOf, prepared, queries, type SqlConnection } from "./prepared-query.ts";
import { corrupt } from "./read-value.ts";
import type { LeasesTable } from "./schema.ts";

const COLUMNS = ["fence", "host", "boot", "pid", "started", "taken_at", "expires_at"] as const satisfies readonly (keyof LeasesTable)[];

const current = prepared(() => queries.selectFrom("leases").selectAll());
const currentFence = prepared(() => queries.selectFrom("leases").select("fence"));
const upsert = prepared((p: Omit<{ readonly [K in keyof LeasesTable]: LeasesTable[K] }, "one">) =>
  queries.insertInto("leases").values({ ...columnsOf(p, COLUMNS), one: 1 }).onConflict((oc) => oc.column("one").doUpdateSet(excludedColumns(COLUMNS))),
);
const remove = prepared(() => queries.deleteFrom("leases"));
const raise = prepared(() => queries.updateTable("fences").set({ last: sql<number>`last + 1` }));
const lastFence = prepared(() => queries.selectFrom("fences").select("last"));

/** The part of a transaction that keeps the one lease of the store. */
export function leaseRows(connection: SqlConnection): Pick<StoreTx, "getLease" | "putLease" | "nextFence"> {
  return {
    async getLease() {
      const [row] = await connection.all(current({}));
      return row === undefined ? null : toLease(row);
    },
    async putLease(lease) {
      if (lease === null) await connection.run(remove({}));
      else await connection.run(upsert({ fence: lease.fence, ...lease.holder, taken_at: lease.takenAt, expires_at: lease.expiresAt }));
    },
    async nextFence() {
      await connection.run(raise({}));
      const [row] = await connection.all(lastFence({}));
      if (row === undefined) throw corrupt("The store has lost its fencing counter.");
      return row.last;
    },
  };
}

/** Throws LEASE_LOST unless the lease still has this token: asked inside the transaction whose rows it guards. */
export async function assertFence(connection: SqlConnection, fence: number): Promise<void> {
  const [row] = await connection.all(currentFence({}));
  if (row?.fence === fence) return;
  throw new OffstageError("LEASE_LOST", `Another process took the store over: the lease ${row === undefined ? "was given up" : `has the token ${row.fence}`}, this process had ${fence}.`, {
    hint: "The other process goes on with the runs; see `offstage runs`.",
  });
}

function toLease(row: LeasesTable): Lease {
  return { fence: row.fence, holder: { host: row.host, boot: row.boot, pid: row.pid, started: row.started }, takenAt: row.taken_at, expiresAt: row.expires_at };
}
