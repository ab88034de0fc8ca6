import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MIGRATIONS } from "../../sql/index.ts";
import { bringTables, sumTables } from "../../testing/bring-tables.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { expectOldContent } from "../../testing/old-content.ts";
import { makeOldStore, OLD_VERSIONS } from "../../testing/old-stores.ts";
import { newPostgresPlace, type PostgresPlace } from "../../testing/postgres-place.ts";
import { codeOf } from "../../testing/store-under-test.ts";
import { quoted, schemaForPostgres } from "./dialect.ts";
import { openSession, type Session } from "./session.ts";

const clock = createFakeClock();
let place: PostgresPlace;
let folder: string;
beforeEach(() => {
  place = newPostgresPlace(clock);
  folder = mkdtempSync(join(tmpdir(), "offstage-old-"));
});
afterEach(async () => {
  await place.remove();
  rmSync(folder, { recursive: true });
});

async function withSession<T>(use: (session: Session) => Promise<T>): Promise<T> {
  const session = await openSession(place.url, "test");
  try {
    await session.execute(`SET search_path TO ${quoted(place.schema)}`);
    return await use(session);
  } finally {
    session.end();
  }
}

test.each(OLD_VERSIONS)("a store of version %s, opened by several at once, is brought to this version once and loses nothing", async (version) => {
  const file = join(folder, "store.db");
  const tables = makeOldStore(version, file);
  const before = await withSession(async (session) => {
    await session.execute(`CREATE SCHEMA ${quoted(place.schema)}`);
    for (const step of MIGRATIONS.slice(0, version)) await session.execute(step.map(schemaForPostgres).join(";\n"));
    await session.execute(`DELETE FROM fences; INSERT INTO migrations SELECT number, 0 FROM generate_series(1, ${version}) AS number; CREATE TABLE turns (); CREATE TABLE writers (id TEXT COLLATE "C" PRIMARY KEY, last BIGINT NOT NULL, at TIMESTAMPTZ NOT NULL); CREATE TABLE whereabouts (one BIGINT PRIMARY KEY CHECK (one = 1), place TEXT COLLATE "C" NOT NULL)`);
    return bringTables(file, session, tables);
  });
  const stores = await Promise.all(Array.from({ length: 3 }, () => place.open()));
  expect(new Set(stores.map(({ id }) => id)).size).toBe(1);
  const after = await withSession((session) => sumTables(session, tables));
  expect(after).toEqual(before);
  if (stores[0] !== undefined) await expectOldContent(stores[0], version);
  for (const store of stores) await store.close();
});

test("a process of an earlier version that has the store open is told by its next write that it is not its own any more; it may read, and holds nobody up", async () => {
  const old = await place.open();
  await old.transact({ durable: true }, (tx) => tx.nextFence());
  // What the next version's migration does first.
  await place.query(`ALTER TABLE turns_${MIGRATIONS.length} RENAME TO turns_${MIGRATIONS.length + 1}`);
  expect(await codeOf(old.transact({ durable: true }, (tx) => tx.nextFence()))).toBe("STORE_NEWER");
  expect(await old.transact({ durable: false, reads: true }, (tx) => tx.getLease())).toBeNull();
  await old.close();
});
