import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MIGRATIONS } from "../../sql/index.ts";
import type { Store } from "../../state/index.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { sampleRun } from "../../testing/store-samples.ts";
import { codeOf } from "../../testing/store-under-test.ts";
import { openSqliteStore } from "./index.ts";
import { migrate } from "./migrate.ts";
import { connectSqlite } from "./sqlite-connection.ts";
import { createSqliteStore } from "./sqlite-store.ts";

const clock = createFakeClock();

describe("openSqliteStore", () => {
  let folder = "";
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), "offstage-open-")); });
  afterEach(() => rm(folder, { recursive: true }));
  const open = (name = "store.db"): Promise<Store> => openSqliteStore({ file: join(folder, name), clock, lockTimeoutMs: 0 });
  const raw = <T>(use: (database: Sqlite.Database) => T): T => {
    const database = new Sqlite(join(folder, "store.db"));
    try {
      return use(database);
    } finally {
      database.close();
    }
  };

  test("makes files that are their owner's alone, and leaves the rights of one that is there", async () => {
    const store = await open();
    await store.transact({ durable: true }, (tx) => tx.putRun(sampleRun()));
    const modes = async (): Promise<readonly string[]> => Promise.all(["", "-wal", "-shm"].map(async (suffix) => ((await stat(join(folder, `store.db${suffix}`))).mode & 0o777).toString(8)));
    expect(await modes()).toEqual(["600", "600", "600"]);
    await store.close();
    await chmod(join(folder, "store.db"), 0o660);
    const again = await open();
    expect(await modes()).toEqual(["660", "660", "660"]);
    await again.close();
  });

  test("migrates a new store once, and finds it migrated the second time", async () => {
    const first = await open();
    await first.close();
    const second = await open();
    await second.close();
    expect(second.id).toBe(first.id);
    expect(raw((database) => [database.pragma("user_version", { simple: true }), database.pragma("journal_mode", { simple: true }), database.prepare("SELECT number, applied_at FROM migrations").all()])).toEqual([
      MIGRATIONS.length, "wal", MIGRATIONS.map((_migration, index) => ({ number: index + 1, applied_at: clock.now() })),
    ]);
  });

  test("loads the driver and the query builder when a store is opened, not before", () => {
    const watch = `import { registerHooks } from "node:module";
      const loaded = [];
      registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
      const { openSqliteStore } = await import(${JSON.stringify(new URL("index.ts", import.meta.url).href)});
      const heavy = () => loaded.some((url) => /node_modules\\/(kysely|better-sqlite3)/.test(url));
      const before = heavy();
      await (await openSqliteStore({ memory: true, clock: { now: () => 0 } })).close();
      console.log(before, heavy());`;
    const child = spawnSync(process.execPath, ["--input-type=module", "-e", watch], { encoding: "utf8" });
    expect([child.stdout.trim(), child.status]).toEqual(["false true", 0]);
  });

  test("gives each store an id of its own", async () => {
    const stores = [await open("a.db"), await open("b.db")];
    expect(new Set(stores.map(({ id }) => id)).size).toBe(2);
    await Promise.all(stores.map((store) => store.close()));
  });

  test("a migration that fails leaves nothing, and the next opening makes the store", async () => {
    const failing = createSqliteStore({ file: join(folder, "store.db"), clock: createFakeClock(1), lockTimeoutMs: 0, newStoreId: () => { throw new Error("in the middle"); } });
    await expect(failing).rejects.toThrow("in the middle");
    expect(raw((database) => [database.prepare("SELECT name FROM sqlite_schema").all(), database.pragma("user_version", { simple: true })])).toEqual([[], 0]);
    await (await open()).close();
  });

  test("refuses the store of a newer version and leaves it as it is", async () => {
    await (await open()).close();
    raw((database) => database.pragma(`user_version = ${MIGRATIONS.length + 1}`));
    const before = await readFile(join(folder, "store.db"));
    await expect(open()).rejects.toThrow(expect.objectContaining({ code: "STORE_NEWER", message: expect.stringContaining(`version ${MIGRATIONS.length + 1}`), hint: expect.stringContaining("Update Offstage") }));
    expect(Buffer.compare(await readFile(join(folder, "store.db")), before)).toBe(0);
  });

  test("refuses a database of another program and leaves it as it is", async () => {
    raw((database) => database.exec("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)"));
    const before = await readFile(join(folder, "store.db"));
    expect(await codeOf(open())).toBe("STORE_UNAVAILABLE");
    expect(Buffer.compare(await readFile(join(folder, "store.db")), before)).toBe(0);
    expect(await readdir(folder)).toEqual(["store.db"]);
  });

  test("takes an empty file for a new store", async () => {
    await writeFile(join(folder, "store.db"), "");
    const store = await open();
    expect(await store.transact({ durable: true }, (tx) => tx.nextFence())).toBe(1);
    await store.close();
  });

  test("a path that is a folder, or lies in none, is STORE_UNAVAILABLE with what to look at", async () => {
    await mkdir(join(folder, "a-folder"));
    for (const name of ["a-folder", "missing/store.db"]) {
      await expect(open(name)).rejects.toThrow(expect.objectContaining({ code: "STORE_UNAVAILABLE", message: expect.stringContaining(join(folder, name)), hint: expect.stringContaining("folder exists") }));
    }
  });

  test("while another process writes, transactions and openings are STORE_LOCKED, and go through afterwards", async () => {
    const store = await open();
    const other = new Sqlite(join(folder, "store.db"));
    other.exec("BEGIN IMMEDIATE");
    const put = (): Promise<unknown> => codeOf(store.transact({ durable: true }, (tx) => tx.putRun(sampleRun())));
    expect(await put()).toBe("STORE_LOCKED");
    await (await open()).close();
    other.exec("COMMIT");
    expect(await put()).toEqual({ value: undefined });
    other.exec("BEGIN EXCLUSIVE");
    expect(await put()).toBe("STORE_LOCKED");
    other.exec("COMMIT");
    other.close();
    await store.close();
  });

  test("who looks while another process makes the store waits for it", async () => {
    const file = join(folder, "store.db");
    const other = new Sqlite(file);
    const connection = await connectSqlite(file, 60_000);
    // Without a log nobody reads beside a writer.
    other.exec("BEGIN EXCLUSIVE");
    const looking = connection.all({ sql: "SELECT name FROM sqlite_schema", parameters: [] });
    other.exec("CREATE TABLE made (x); COMMIT");
    expect(await looking).toEqual([{ name: "made" }]);
    connection.close();
    other.close();
  });

  test.each(["user_version", "application_id", "journal_mode = WAL"])("a store that another process makes after %s was asked is a store, and no database of another program", async (looked) => {
    const file = join(folder, "store.db");
    const connection = await connectSqlite(file, 60_000);
    let made: string | null = null;
    const interrupted: typeof connection = {
      ...connection,
      async pragma(text) {
        const found = await connection.pragma(text);
        if (text === looked && made === null) {
          const other = await open();
          made = other.id;
          await other.close();
        }
        return found;
      },
    };
    const { id } = await migrate(interrupted, { file, now: 1, newStoreId: () => "another" });
    expect(id).toBe(made ?? "another");
    connection.close();
  });

  test("a transaction waits for that of another process to end", async () => {
    const store = await openSqliteStore({ file: join(folder, "store.db"), clock, lockTimeoutMs: 60_000 });
    const other = new Sqlite(join(folder, "store.db"));
    other.exec("BEGIN IMMEDIATE");
    let ended = false;
    const waiting = store.transact({ durable: true }, async (tx) => [ended, await tx.nextFence()]);
    setImmediate(() => {
      ended = true;
      other.exec("COMMIT");
    });
    expect(await waiting).toEqual([true, 1]);
    other.close();
    await store.close();
  });
});
