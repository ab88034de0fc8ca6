import { copyFile, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Store } from "../../state/index.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { sampleLease, sampleRun } from "../../testing/store-samples.ts";
import { openSqliteStore } from "./index.ts";

let folder: string;
let file: string;
let store: Store;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "offstage-same-"));
  file = join(folder, "store.db");
  store = await openSqliteStore({ file, clock: createFakeClock() });
  await store.transact({ durable: true }, (tx) => tx.putLease(sampleLease(1)));
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const LOG_FILES = ["-wal", "-shm"] as const;
const write = (): Promise<unknown> => store.transact({ durable: true, fence: 1 }, (tx) => tx.putRun(sampleRun()));
const look = (): Promise<unknown> => store.transact({ durable: false, fence: 1 }, async () => undefined);

test("under the lease, a store that was deleted refuses: what it would keep nobody could read", async () => {
  await write();
  await rm(file);
  await expect(write()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", message: expect.stringContaining("deleted or replaced") as string });
  await expect(look()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
});

test("so does one that another file took the place of; put back, it goes on", async () => {
  await rename(file, `${file}.old`);
  await copyFile(`${file}.old`, file);
  await expect(look()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  await rename(`${file}.old`, file);
  await look();
  await write();
});

test.each(LOG_FILES)("so does one whose %s file was deleted: what it holds is in no file that the next process opens", async (suffix) => {
  await write();
  await rename(`${file}${suffix}`, `${file}.old`);
  await expect(write()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", message: expect.stringContaining(`store.db${suffix}`) as string });
  await expect(look()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  await copyFile(`${file}.old`, `${file}${suffix}`);
  await expect(look()).rejects.toMatchObject({ code: "STORE_UNAVAILABLE" });
  await rename(`${file}.old`, `${file}${suffix}`);
  await look();
});

test("folding the log into the file, and other processes that come and go, are no deletion", async () => {
  for (let count = 0; count < 3; count++) {
    const other = await openSqliteStore({ file, clock: createFakeClock() });
    await other.transact({ durable: true }, (tx) => tx.putRun(sampleRun({ id: `other-${count}` })));
    await other.close();
    for (let rows = 0; rows < 500; rows++) await store.transact({ durable: false, fence: 1 }, (tx) => tx.putRun(sampleRun({ id: `run-${count}-${rows}` })));
    expect(await look()).toBeUndefined();
  }
});

test.each(LOG_FILES)("without its %s file a store that somebody has open is not opened: its ledger would lack what is in there", async (suffix) => {
  await write();
  await rm(`${file}${suffix}`);
  await expect(openSqliteStore({ file, clock: createFakeClock(), lockTimeoutMs: 1 })).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", message: expect.stringContaining(`store.db${suffix}`) as string });
});

test("closing such a store folds the deleted log into the file: then it opens, and nothing is lost", async () => {
  await write();
  for (const suffix of LOG_FILES) await rm(`${file}${suffix}`);
  await store.close();
  store = await openSqliteStore({ file, clock: createFakeClock() });
  expect(await store.transact({ durable: false }, (tx) => tx.getRun(sampleRun().id))).not.toBeNull();
});

test("a store whose process ended without closing it opens, with its -shm file or without", async () => {
  await write();
  for (const suffixes of [["", "-wal", "-shm"], ["", "-wal"]]) {
    const copy = join(folder, `copy${suffixes.length}.db`);
    for (const suffix of suffixes) await copyFile(`${file}${suffix}`, `${copy}${suffix}`);
    const opened = await openSqliteStore({ file: copy, clock: createFakeClock() });
    expect(await opened.transact({ durable: false }, (tx) => tx.getRun(sampleRun().id))).not.toBeNull();
    await opened.close();
  }
});

test("several that open a closed store at once all get it", async () => {
  await store.close();
  for (let round = 0; round < 10; round++) {
    const opened = await Promise.all(Array.from({ length: 5 }, () => openSqliteStore({ file, clock: createFakeClock() })));
    expect(new Set(opened.map(({ id }) => id)).size).toBe(1);
    await Promise.all(opened.map((one) => one.close()));
  }
  store = await openSqliteStore({ file, clock: createFakeClock() });
});
