import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MIGRATIONS } from "../../sql/index.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { sampleWait } from "../../testing/store-samples.ts";
import { openSqliteStore } from "./index.ts";

let folder = "";
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), "offstage-migrations-")); });
afterEach(() => rm(folder, { recursive: true }));

/** A store as the first schema made it, with one run that was interrupted. */
function makeFirstVersion(file: string): void {
  const database = new Sqlite(file);
  for (const statement of MIGRATIONS[0] ?? []) database.exec(statement);
  database.exec(`INSERT INTO migrations VALUES (1, 5); INSERT INTO meta VALUES ('store-id', 'first'); PRAGMA application_id = 0x4f464653; PRAGMA user_version = 1`);
  database.exec(`INSERT INTO runs VALUES ('r', 'r', 'w', 'w', 'p', 'run', 'running', 1, 2, NULL, '{}', '{"kind":"call"}', 'null', 'null', '[]', '[]', '[]', '{"calls":1,"writes":0,"replayed":0}')`);
  database.close();
}

test("a store of the first version goes on: its runs are there, and waits can be kept in it", async () => {
  const file = join(folder, "store.db");
  makeFirstVersion(file);
  const clock = createFakeClock();
  const store = await openSqliteStore({ file, clock });
  const wait = sampleWait("1", { runId: "r" });
  await store.transact({ durable: true }, (tx) => tx.putWait(wait));
  expect(store.id).toBe("first");
  expect(await store.transact({ durable: false }, async (tx) => [await tx.getRun("r"), await tx.listWaits({ limit: 9 })])).toMatchObject([{ id: "r", status: "running", waits: [], drivenMs: 0, counts: { calls: 1 } }, [wait]]);
  await store.close();
  const database = new Sqlite(file);
  expect(database.prepare("SELECT number, applied_at FROM migrations").all()).toEqual([{ number: 1, applied_at: 5 }, ...MIGRATIONS.slice(1).map((_migration, index) => ({ number: index + 2, applied_at: clock.now() }))]);
  database.close();
});

test("the wake of runs is found by an index", async () => {
  const file = join(folder, "store.db");
  await (await openSqliteStore({ file, clock: createFakeClock() })).close();
  const database = new Sqlite(file);
  const plan = JSON.stringify(database.prepare("EXPLAIN QUERY PLAN SELECT until FROM waits WHERE status = 'open' AND until IS NOT NULL ORDER BY until LIMIT 1").all());
  database.close();
  expect(plan).toContain("waits_by_wake");
});
