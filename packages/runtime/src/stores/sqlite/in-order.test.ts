import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { sampleRun } from "../../testing/store-samples.ts";
import { openSqliteStore } from "./index.ts";

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
