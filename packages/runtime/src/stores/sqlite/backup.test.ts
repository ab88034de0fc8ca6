import { mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Store } from "../../state/index.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { sampleEntry, sampleOnce, sampleRun } from "../../testing/store-samples.ts";
import { takePlace } from "./backup.ts";
import { backUpSqliteStore, openSqliteStore } from "./index.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "offstage-backup-"));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
const open = (name: string): Promise<Store> => openSqliteStore({ file: at(name), clock: createFakeClock() });
const backUp = (from: string, to: string): Promise<number> => backUpSqliteStore({ file: at(from), to: at(to), now: 7, lockTimeoutMs: 1_000 });
const put = (store: Store, id: string): Promise<void> => store.transact({ durable: true }, (tx) => tx.putRun(sampleRun({ id })));
const known = (store: Store): Promise<readonly unknown[]> => store.transact({ durable: false }, async (tx) => [(await tx.listRuns({ limit: 99 })).map(({ id }) => id).toSorted(), await tx.getMeta("epoch"), await tx.getMeta("restored-at")]);

test("a backup is one state of a store that others go on using; opened, on a machine that knows nothing of it, it says once that it may not know everything", async () => {
  const store = await open("store.db");
  await put(store, "before");
  expect(await backUp("store.db", "copy.db")).toBe((await stat(at("copy.db"))).size);
  await put(store, "after");
  expect(await known(store)).toEqual([["after", "before"], 1, null]);
  await store.close();
  for (let time = 0; time < 2; time++) {
    const restored = await open("copy.db");
    expect(await known(restored)).toEqual([["before"], 2, createFakeClock().now()]);
    expect(restored.id).toBe(store.id);
    await restored.close();
  }
  expect((await stat(at("copy.db"))).mode & 0o777).toBe(0o600);
});

test("nothing is replaced, and what fails leaves nothing behind", async () => {
  await (await open("store.db")).close();
  await writeFile(at("there"), "mine");
  await expect(backUp("store.db", "there")).rejects.toMatchObject({ code: "USAGE", message: expect.stringContaining("already") as string });
  await expect(backUp("store.db", "no-folder/copy.db")).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  await writeFile(at("other.db"), "no database at all, however long it is; ".repeat(100));
  await expect(backUp("other.db", "copy.db")).rejects.toMatchObject({ code: "STORE_CORRUPT" });
  expect((await readdir(folder)).filter((name) => name.startsWith("copy") || name === "no-folder")).toEqual([]);
});

test("a store that is damaged where a copy goes through is told of, and no backup is left of it", async () => {
  const store = await open("store.db");
  await store.transact({ durable: true }, (tx) => tx.putEffect(sampleEntry(sampleOnce("k")), null));
  await store.close();
  const damaging = new Database(at("store.db"));
  damaging.pragma("ignore_check_constraints = ON");
  damaging.exec("UPDATE effects SET status = 'eaten'");
  damaging.close();
  await expect(backUp("store.db", "copy.db")).rejects.toMatchObject({ code: "STORE_CORRUPT", message: expect.stringContaining("effects") as string });
  expect((await readdir(folder)).filter((name) => name.startsWith("copy"))).toEqual([]);
});

test("what a backup that was killed leaves is no store: an empty one would do everything again", async () => {
  await takePlace(at("copy.db"));
  await expect(open("copy.db")).rejects.toMatchObject({ code: "STORE_CORRUPT" });
});

test("two backups to one place: one is made, the other is told", async () => {
  const store = await open("store.db");
  await put(store, "a");
  const ends = await Promise.allSettled([backUp("store.db", "copy.db"), backUp("store.db", "copy.db")]);
  expect(ends.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
  await store.close();
  const copy = new Database(at("copy.db"), { readonly: true });
  expect(copy.pragma("integrity_check", { simple: true })).toBe("ok");
  copy.close();
});
