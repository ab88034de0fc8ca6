import { existsSync } from "node:fs";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MIGRATIONS } from "../../sql/index.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { expectOldContent } from "../../testing/old-content.ts";
import { makeOldStore, OLD_VERSIONS, schemaOf, sumOf } from "../../testing/old-stores.ts";
import { codeOf } from "../../testing/store-under-test.ts";
import { openSqliteStore } from "./index.ts";

let folder = "";
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), "offstage-old-stores-")); });
afterEach(() => rm(folder, { recursive: true }));

const clock = createFakeClock();

test.each(OLD_VERSIONS)("a store of version %s, opened by several at once, is brought to this version once and loses nothing; what it was stays beside it", async (version) => {
  const file = join(folder, "store.db");
  const tables = makeOldStore(version, file);
  const before = { sums: await sumOf(file, tables), schema: schemaOf(file) };
  const stores = await Promise.all(Array.from({ length: 2 }, () => openSqliteStore({ file, clock })));
  expect(new Set(stores.map(({ id }) => id)).size).toBe(1);
  for (const store of stores.slice(1)) await store.close();
  expect(await sumOf(file, tables)).toEqual(before.sums);
  expect(schemaOf(file).version).toBe(MIGRATIONS.length);
  if (stores[0] !== undefined) await expectOldContent(stores[0], version);
  await stores[0]?.close();
  const kept = `${file}.before-${MIGRATIONS.length}`;
  expect(schemaOf(kept)).toEqual(before.schema);
  expect((await sumOf(kept, tables)).filter(({ table }) => table !== "meta")).toEqual(before.sums.filter(({ table }) => table !== "meta"));
});

test.each(OLD_VERSIONS)("the steps up to version %s are as they were when it was made", (version) => {
  const [old, now] = [join(folder, "old.db"), join(folder, "now.db")];
  makeOldStore(version, old);
  const database = new Sqlite(now);
  database.exec(`BEGIN; ${MIGRATIONS.slice(0, version).flat().join("; ")}; COMMIT`);
  database.pragma(`user_version = ${version}`);
  database.close();
  expect(schemaOf(now)).toEqual(schemaOf(old));
});

test("there is a store of every version before this one, from the first on", () => {
  expect(OLD_VERSIONS).toEqual(OLD_VERSIONS.map((_version, index) => index + 1));
});

test("whoever goes back puts the store that was kept in its place, and is told that it is older", async () => {
  const file = join(folder, "store.db");
  makeOldStore(1, file);
  const store = await openSqliteStore({ file, clock });
  await store.transact({ durable: true }, (tx) => tx.nextFence());
  await store.close();
  for (const suffix of ["-wal", "-shm"]) await rm(`${file}${suffix}`, { force: true });
  await copyFile(`${file}.before-${MIGRATIONS.length}`, file);
  const again = await openSqliteStore({ file, clock });
  expect(await again.transact({ durable: false }, (tx) => tx.getMeta("epoch"))).toBeGreaterThan(1);
  await again.close();
});

test("a process of an earlier version that has the store open is told by its next write that it is not its own any more", async () => {
  const file = join(folder, "store.db");
  const store = await openSqliteStore({ file, clock });
  const newer = new Sqlite(file);
  newer.pragma(`user_version = ${MIGRATIONS.length + 1}`);
  newer.close();
  expect(await codeOf(store.transact({ durable: true }, (tx) => tx.nextFence()))).toBe("STORE_NEWER");
  await store.close();
  expect(existsSync(`${file}.before-${MIGRATIONS.length}`)).toBe(false);
});

test("one that another language's runtime made is not brought to this version: that one could not drive it any more", async () => {
  const file = join(folder, "store.db");
  makeOldStore(1, file);
  const theirs = new Sqlite(file);
  theirs.exec("INSERT INTO meta (name, meta_value) VALUES ('language', '\"python\"')");
  theirs.close();
  const before = schemaOf(file);
  expect(await codeOf(openSqliteStore({ file, clock }))).toBe("STORE_FOREIGN");
  expect(schemaOf(file)).toEqual(before);
  expect(existsSync(`${file}.before-${MIGRATIONS.length}`)).toBe(false);
});
