import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Json } from "../../base/index.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { openSqliteStore } from "./index.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "offstage-mark-"));
  file = join(folder, "store.db");
});
afterEach(() => rm(folder, { recursive: true }));

/** Opens the store as a process that drives runs does, and closes it; what it then knows of itself. */
async function drive(times = 1): Promise<{ readonly fence: number; readonly epoch: Json; readonly restoredAt: Json }> {
  const store = await openSqliteStore({ file, clock: createFakeClock() });
  let fence = 0;
  for (let turn = 0; turn < times; turn++) fence = await store.transact({ durable: true }, (tx) => tx.nextFence());
  const known = await store.transact({ durable: false }, async (tx) => ({ epoch: await tx.getMeta("epoch"), restoredAt: await tx.getMeta("restored-at") }));
  await store.close();
  return { fence, ...known };
}

test("a store that goes on where it was stays in its epoch", async () => {
  expect(await drive()).toEqual({ fence: 1, epoch: 1, restoredAt: null });
  expect(await drive(3)).toEqual({ fence: 4, epoch: 1, restoredAt: null });
});

test("a backup that is put in its place begins an epoch, once, and fencing tokens go on", async () => {
  await drive();
  await copyFile(file, `${file}.backup`);
  await drive(5);
  await copyFile(`${file}.backup`, file);
  expect(await drive()).toEqual({ fence: 7, epoch: 2, restoredAt: createFakeClock().now() });
  expect(await drive()).toMatchObject({ fence: 8, epoch: 2 });
});

test("so does a new store where an older one was deleted, unless its mark went with it", async () => {
  await drive(2);
  await rm(file);
  expect(await drive()).toMatchObject({ fence: 3, epoch: 2 });
  await rm(file);
  expect(await drive()).toMatchObject({ fence: 4, epoch: 3 });
  await rm(file);
  await rm(`${file}.mark`);
  expect(await drive()).toMatchObject({ fence: 1, epoch: 1 });
});

test("two that open a restored store at once find one restore", async () => {
  await drive(2);
  await rm(file);
  const stores = await Promise.all([1, 2].map(() => openSqliteStore({ file, clock: createFakeClock() })));
  const epochs = await Promise.all(stores.map((store) => store.transact({ durable: false }, (tx) => tx.getMeta("epoch"))));
  await Promise.all(stores.map((store) => store.close()));
  expect(new Set(epochs).size).toBe(1);
  expect(Number(epochs[0])).toBeGreaterThan(1);
});

test.each(["", "no json", "null", '{"store":1}', '{"store":"x","fence":"1","epoch":1}'])("a mark that says nothing counts as none: %j", async (text) => {
  await drive(2);
  await writeFile(`${file}.mark`, text);
  expect(await drive()).toEqual({ fence: 3, epoch: 1, restoredAt: null });
  expect(JSON.parse(await readFile(`${file}.mark`, "utf8"))).toMatchObject({ fence: 3, epoch: 1 });
});
