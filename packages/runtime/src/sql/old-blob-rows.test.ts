import Sqlite from "better-sqlite3";
import { expect, test } from "vitest";
import { MIGRATIONS } from "./migrations.ts";
import { TEXTS } from "./old-blob-rows.ts";

/** Columns in which nothing stands that a workflow, a person or a server said: ids, hashes, words of our own, names of the project's files. */
const OUR_OWN = [
  "arrivals.overlap", "arrivals.run_id", "arrivals.status", "arrivals.trigger", "arrivals.workflow", "bindings.inputs_hash", "bindings.last_seen_run", "bindings.record", "bindings.scope", "bindings.server", "bindings.target", "bindings.workflow",
  "blobs.hash", "effects.action", "effects.args_hash", "effects.id", "effects.identity_root_run", "effects.kind", "effects.record", "effects.root_run_id", "effects.run_id", "effects.scope", "effects.server", "effects.settled_by", "effects.status",
  "effects.target", "effects.tool", "event_ids.run_id", "event_ids.topic", "events.run_id", "journal.hash", "journal.kind", "journal.run_id", "lanes.credential", "lanes.lane_value", "leases.boot", "leases.host", "leases.started", "leavings.run_id",
  "meta.name", "plans.id", "plans.workflow", "programs.hash", "requests.answered_by", "requests.args_hash", "requests.continued_by", "requests.effect", "requests.id", "requests.notice", "requests.root_run_id", "requests.run_id", "requests.server",
  "requests.status", "requests.target", "requests.tool", "requests.workflow", "runs.counts_value", "runs.id", "runs.phase", "runs.program_hash", "runs.root_run_id", "runs.scope", "runs.status", "runs.workflow", "schedules.trigger", "schedules.workflow",
  "scopes.scope", "scopes.workflow", "states.name", "states.scope", "waits.id", "waits.kind", "waits.run_id", "waits.status",
];

test("every column that can hold the name of a blob is looked at, in an order that an index gives", () => {
  const database = new Sqlite(":memory:");
  for (const statement of MIGRATIONS.flat()) database.exec(statement);
  const columns = database.prepare<[], { readonly name: string }>("SELECT m.name || '.' || c.name AS name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND c.type = 'TEXT' ORDER BY 1").all().map(({ name }) => name);
  const looked = new Set(TEXTS.flatMap(({ table, columns: texts }) => texts.map((column) => `${table}.${column}`)));
  expect(columns.filter((name) => !looked.has(name))).toEqual(OUR_OWN);
  for (const { table, key } of TEXTS) {
    const plan = database.prepare<[], { readonly detail: string }>(`EXPLAIN QUERY PLAN SELECT * FROM ${table} WHERE (${key.join(", ")}) > (${key.map(() => "''").join(", ")}) ORDER BY ${key.join(", ")} LIMIT 9`).all();
    expect(plan.map(({ detail }) => detail)).toEqual([expect.stringMatching(/^SEARCH \S+ USING (INTEGER PRIMARY KEY|INDEX|PRIMARY KEY|COVERING INDEX)/)]);
  }
  database.close();
});
