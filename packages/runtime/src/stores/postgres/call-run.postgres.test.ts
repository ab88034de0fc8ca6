import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createRedactor } from "../../base/index.ts";
import { callRun } from "../../host/index.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { newPostgresPlace } from "../../testing/postgres-place.ts";
import { SAMPLE_PROGRAM } from "../../testing/store-samples.ts";

test("calls with one key that come to several processes at the same moment start one run", async () => {
  const clock = createFakeClock();
  const place = newPostgresPlace(clock);
  const stores = await Promise.all(Array.from({ length: 4 }, () => place.open()));
  const environment = { clock, redactor: createRedactor(), random: (count: number) => randomBytes(count) };
  for (let key = 0; key < 10; key++) {
    const calls = await Promise.all(stores.flatMap((store) => [1, 2].map(() => callRun(store, environment, { program: SAMPLE_PROGRAM, inputs: {}, sweep: false, by: "ci", key: String(key) }))));
    expect([calls.filter(({ again }) => !again).length, new Set(calls.map(({ run }) => run.id)).size]).toEqual([1, 1]);
  }
  const [store] = stores;
  expect(await store?.transact({ durable: false, reads: true }, async (tx) => (await tx.listRuns({ limit: 99 })).length)).toBe(10);
  await Promise.all(stores.map((one) => one.close()));
  await place.remove();
}, 60_000);
