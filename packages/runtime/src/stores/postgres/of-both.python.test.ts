import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { type PostgresServer, startPostgres } from "../../testing/postgres.ts";
import { newPostgresPlace } from "../../testing/postgres-place.ts";
import { numberedEntry, numberedRow } from "../../testing/numbered-rows.ts";
import { codeOf } from "../../testing/store-under-test.ts";

const clock = createFakeClock();
let server: PostgresServer;
beforeAll(async () => { server = await startPostgres(); }, 120_000);
afterAll(() => server.stop());

/** Runs a module of the Python package's tests. */
async function python(...args: readonly string[]): Promise<string> {
  return (await promisify(execFile)(process.env["OFFSTAGE_PYTHON"] ?? "python3", ["-m", ...args])).stdout.trim();
}

/** Tables, columns and indexes of a schema, without its name. */
const made = (schema: string): string => server.query(`
  SELECT table_name, column_name, ordinal_position, data_type, collation_name, is_nullable, column_default, is_identity FROM information_schema.columns WHERE table_schema = '${schema}' ORDER BY 1, 3;
  SELECT replace(indexdef, '${schema}.', '') FROM pg_indexes WHERE schemaname = '${schema}' ORDER BY 1;
  SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = '${schema}'::regnamespace ORDER BY 1, 2`).replaceAll(`${schema}.`, "");

test("both make the same tables in PostgreSQL, and read each other's stores", async () => {
  const [ours, theirs] = [newPostgresPlace(clock, server.url), newPostgresPlace(clock, server.url)];
  const store = await ours.open();
  await store.transact({ durable: true }, async (tx) => {
    for (let number = 0; number < 20; number++) await tx.putEffect(numberedEntry(number), null);
    await tx.appendJournal("run-1", Array.from({ length: 20 }, (_, number) => numberedRow(number)));
  });
  const said = JSON.parse(await python("offstage.testing.look_and_make", ours.url, ours.schema, theirs.schema)) as object;
  expect(said).toEqual({ id: store.id, effects: 20, same: true, journal: 20, write: "STORE_FOREIGN" });
  expect(made(theirs.schema)).toBe(made(ours.schema));
  const foreign = await theirs.open();
  expect(await foreign.transact({ durable: false }, async (tx) => [await tx.getEffect(numberedEntry(3).id), await tx.loadJournal("run-1")])).toEqual([numberedEntry(3), Array.from({ length: 20 }, (_, number) => numberedRow(number))]);
  expect(await codeOf(foreign.transact({ durable: true }, (tx) => tx.nextFence()))).toBe("STORE_FOREIGN");
  await Promise.all([store.close(), foreign.close()]);
});
