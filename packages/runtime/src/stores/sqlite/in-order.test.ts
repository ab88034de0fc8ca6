import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { sampleRun } from "../../testing/store-samples.ts";
import { openSqliteStore } from "./index.ts";
import { createLogSync } from "./log-sync.ts";
import { createSqliteStore } from "./sqlite-store.ts";

test("transactions are done in the order in which they came, whether they share their wait for the disk or not", async () => {
  const folder = await mkdtemp(join(tmpdir(), "offstage-order-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const store = await openSqliteStore({ file: join(folder, "store.db"), clock: createFakeClock() });
  const done: number[] = [];
  for (let round = 0; round < 20; round++) {
    const burst = Array.from({ length: 3 }, (_, index) => round * 3 + index);
    await Promise.all(burst.map((n) => store.transact({ durable: true }, (tx) => tx.putRun(sampleRun({ id: `run-${n}` }))).then(() => done.push(n))));
  }
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  await store.close();
});

test("once the disk failed the store refuses everything durable, also what would wait itself: what was lost may stand before it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "offstage-order-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  let fails = false;
  const createLog = (file: string): ReturnType<typeof createLogSync> => createLogSync(file, async () => ({ datasync: () => (fails ? Promise.reject(new Error("EIO: i/o error")) : Promise.resolve()), close: () => Promise.resolve() }));
  const store = await createSqliteStore({ file: join(folder, "store.db"), clock: createFakeClock(1), newStoreId: () => "s", lockTimeoutMs: 100, createLog });
  const put = (id: string): Promise<void> => store.transact({ durable: true }, (tx) => tx.putRun(sampleRun({ id })));
  await put("a");
  fails = true;
  const burst = await Promise.allSettled(["b", "c", "d"].map(put));
  expect(burst.map(({ status }) => status)).toContain("rejected");
  fails = false;
  await expect(put("e")).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", message: expect.stringContaining("EIO") as string });
  expect(await store.transact({ durable: false, reads: true }, (tx) => tx.getRun("e"))).toBeNull();
  await store.close();
});
