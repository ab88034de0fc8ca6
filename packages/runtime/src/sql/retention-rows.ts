import { type RawBuilder, sql } from "kysely";
import type { Wait } from "../model/index.ts";
import type { ChainPlace, Cutoffs, RetentionTx } from "../state/index.ts";
import { oldBlobRows } from "./old-blob-rows.ts";
import { queries, type SqlConnection } from "./prepared-query.ts";
import { readValue } from "./read-value.ts";

type Count = number | string | bigint;

/** How many runs of those that were removed are looked at in one go for what they left. */
const LEFT_AT_ONCE = 50;

/** The part of a transaction that removes what is over. Its statements are few and large, and not compiled ahead: they run once a batch. */
export function retentionRows(connection: SqlConnection): RetentionTx {
  const all = <R>(query: RawBuilder<R>): Promise<readonly R[]> => connection.all<R>(query.compile(queries));
  const run = (query: RawBuilder<unknown>): Promise<number> => connection.run(query.compile(queries));
  return {
    ...oldBlobRows(connection),
    async oldChains(cutoffs, after, limit) {
      const rows = await all<{ id: string; created_at: number; runs: Count; removable: Count }>(oldChains(cutoffs, after, limit));
      return rows.map(({ id, created_at, runs, removable }) => ({ root: id, createdAt: Number(created_at), runs: Number(runs), removable: Number(removable) === 1 }));
    },
    async removeChains({ events }, roots) {
      const runs = (await all<{ id: string }>(sql`SELECT id FROM runs WHERE root_run_id IN (${list(roots)})`)).map(({ id }) => id);
      const ids = list(runs);
      await run(sql`DELETE FROM requests WHERE root_run_id IN (${list(roots)}) AND status <> 'denied'`);
      await removeWaits(connection, runs);
      for (const table of ["events", "event_ids"]) await run(sql`DELETE FROM ${sql.table(table)} WHERE run_id IN (${ids})`);
      await run(sql`DELETE FROM plans WHERE id IN (${ids})`);
      const arrivals = await run(sql`DELETE FROM arrivals WHERE run_id IN (${ids}) AND arrived_at < ${events}`);
      await run(sql`INSERT INTO leavings (run_id) SELECT id FROM runs WHERE root_run_id IN (${list(roots)})`);
      await run(sql`DELETE FROM runs WHERE id IN (${ids})`);
      return { runs: runs.length, arrivals };
    },
    async removeLeavings(limit) {
      const left = (await all<{ run_id: string }>(sql`SELECT run_id FROM leavings LIMIT ${LEFT_AT_ONCE}`)).map(({ run_id }) => run_id);
      if (left.length === 0) return false;
      const ids = list(left);
      const changed = [
        await run(sql`DELETE FROM journal WHERE place IN (SELECT place FROM journal WHERE run_id IN (${ids}) LIMIT ${limit})`),
        // A step's identity lasts as long as its root run.
        await run(sql`DELETE FROM effects WHERE place IN (SELECT place FROM effects WHERE run_id IN (${ids}) AND kind = 'step' LIMIT ${limit})`),
        // What was done, for people; who did it and what it came to stays, and so does its hash.
        await run(sql`UPDATE effects SET args_value = 'null' WHERE place IN (SELECT place FROM effects WHERE run_id IN (${ids}) AND kind <> 'step' AND args_value <> 'null' LIMIT ${limit})`),
      ];
      if (changed.every((count) => count < limit)) await run(sql`DELETE FROM leavings WHERE run_id IN (${ids})`);
      return true;
    },
    async removeArrivals({ events }, after, limit) {
      const rows = await all<{ place: Count; arrived_at: Count; removable: Count }>(sql`
        SELECT place, arrived_at, CASE WHEN status <> 'waiting' AND arrived_at < ${events} AND NOT EXISTS (SELECT 1 FROM runs WHERE runs.id = arrivals.run_id) THEN 1 ELSE 0 END AS removable
        FROM arrivals WHERE place > ${after} ORDER BY place LIMIT ${limit}`);
      const over = rows.filter(({ removable }) => Number(removable) === 1).map(({ place }) => Number(place));
      const removed = over.length === 0 ? 0 : await run(sql`DELETE FROM arrivals WHERE place IN (${sql.join(over)})`);
      const last = rows.at(-1);
      return { removed, last: last === undefined || rows.length < limit || Number(last.arrived_at) >= events ? null : Number(last.place) };
    },
    // A window's length is not in its row. It is at most intended_at / once_window, so that this is no earlier than the window's end.
    async removeWindows(before, limit) {
      // A run that goes on, or is gone on with by another one after a person's word, asks for the window of when it first came there: without its row it would write again.
      const [row] = await all<{ first: Count | null }>(sql`SELECT MIN(created_at) AS first FROM runs`);
      const until = Math.min(before, Number(row?.first ?? before));
      return run(sql`DELETE FROM effects WHERE place IN (SELECT place FROM effects WHERE kind = 'once' AND once_window > 0 AND intended_at < ${until}
        AND intended_at + intended_at / once_window + 1 < ${until} AND status IN ('done', 'failed') LIMIT ${limit})`);
    },
    removePrograms: (limit) => run(sql`DELETE FROM programs WHERE hash IN (SELECT hash FROM programs WHERE NOT EXISTS (SELECT 1 FROM runs WHERE runs.program_hash = programs.hash) LIMIT ${limit})`),
  };
}

function oldChains({ now, runs }: Cutoffs, after: ChainPlace | null, limit: number): RawBuilder<{ id: string; created_at: number; runs: Count; removable: Count }> {
  const behind = after === null ? sql`` : sql`AND (root.created_at, root.id) > (${after.createdAt}, ${after.root})`;
  return sql`
    SELECT root.id AS id, root.created_at AS created_at, (SELECT COUNT(*) FROM runs WHERE runs.root_run_id = root.id) AS runs,
      CASE WHEN NOT EXISTS (SELECT 1 FROM runs WHERE runs.root_run_id = root.id AND (runs.status IN ('queued', 'running', 'parked') OR COALESCE(runs.ended_at, runs.created_at) >= ${runs}))
        AND NOT EXISTS (SELECT 1 FROM requests WHERE requests.root_run_id = root.id AND (requests.status = 'open' OR (requests.status = 'approved' AND requests.expires_at >= ${now})))
        AND NOT EXISTS (SELECT 1 FROM effects WHERE effects.root_run_id = root.id AND effects.status IN ('intended', 'ambiguous'))
        AND NOT EXISTS (SELECT 1 FROM plans WHERE plans.id = root.id AND plans.applied_at IS NULL AND plans.expires_at >= ${now})
      THEN 1 ELSE 0 END AS removable
    FROM runs root WHERE root.id = root.root_run_id AND root.created_at < ${runs} ${behind} ORDER BY root.created_at, root.id LIMIT ${limit}`;
}

/**
 * Of what people were asked, the last answer at each place stays, so that nobody is asked the same again. A question that nobody answered in time stays only as long as it hides an
 * older answer.
 */
async function removeWaits(connection: SqlConnection, runs: readonly string[]): Promise<void> {
  const asked = await connection.all<{ topic: string }>(sql`SELECT DISTINCT topic FROM waits WHERE run_id IN (${list(runs)}) AND kind = 'approval' AND topic IS NOT NULL`.compile(queries));
  await connection.run(sql`DELETE FROM waits WHERE run_id IN (${list(runs)}) AND kind <> 'approval'`.compile(queries));
  for (const { topic } of asked) {
    const known = await connection.all<{ id: string; run_id: string; status: string; run: Count; wait_value: string }>(sql`
      SELECT id, run_id, status, wait_value, (SELECT COUNT(*) FROM runs WHERE runs.id = waits.run_id) AS run FROM waits WHERE topic = ${topic} ORDER BY since DESC, id DESC`.compile(queries));
    const [last, ...older] = known.filter(({ status }) => status !== "open");
    const isGone = ({ run_id, run }: { readonly run_id: string; readonly run: Count }): boolean => Number(run) === 0 || runs.includes(run_id);
    const stays = last !== undefined && (older.some((one) => !isGone(one)) || isAnswered(readValue<Wait>(last.wait_value)));
    const going = known.filter((one) => isGone(one) && !(one === last && stays)).map(({ id }) => id);
    if (going.length > 0) await connection.run(sql`DELETE FROM waits WHERE id IN (${list(going)})`.compile(queries));
  }
}

function isAnswered(wait: Wait): boolean {
  return wait.kind === "approval" && wait.answer !== null;
}

function list(values: readonly string[]): RawBuilder<unknown> {
  return values.length === 0 ? sql`NULL` : sql.join(values);
}
