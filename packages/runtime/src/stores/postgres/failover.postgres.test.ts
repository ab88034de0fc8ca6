import { afterAll, beforeAll, expect, test } from "vitest";
import type { Store } from "../../state/index.ts";
import { createBreakingProxy } from "../../testing/breaking-proxy.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { type PostgresServer, type StandbyServer, startPostgres } from "../../testing/postgres.ts";
import { sampleRun } from "../../testing/store-samples.ts";
import { openPostgresStore } from "./index.ts";

const clock = createFakeClock();
let primary: PostgresServer;
let standby: StandbyServer;
beforeAll(async () => {
  primary = await startPostgres();
  standby = await primary.standby();
});
afterAll(async () => {
  await standby.stop();
  await primary.stop();
});

const open = (url: string): Promise<Store> => openPostgresStore({ url, clock });

test("a standby is no store while it follows, and one in a new epoch when it took over: it may not have had everything; who was at work writes no more", async () => {
  const proxy = await createBreakingProxy(primary.url);
  const store = await open(proxy.url);
  await store.transact({ durable: true }, (tx) => tx.putRun(sampleRun()));
  await expect(open(standby.url)).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", message: expect.stringContaining("is a standby") });
  const written = primary.query("SELECT pg_current_wal_lsn()");
  while (standby.query(`SELECT pg_last_wal_replay_lsn() >= '${written}'`) !== "t") await new Promise((resolve) => setImmediate(resolve));
  await primary.crash();
  standby.promote();
  const there = await open(standby.url);
  expect(there.id).toBe(store.id);
  expect(await there.transact({ durable: false, reads: true }, async (tx) => [await tx.getRun("run-1"), await tx.getMeta("epoch"), await tx.getMeta("restored-at")])).toEqual([sampleRun(), 2, clock.now()]);
  await there.close();
  const again = await open(standby.url);
  expect(await again.transact({ durable: false, reads: true }, (tx) => tx.getMeta("epoch"))).toBe(2);
  // A name that leads to the new primary now.
  proxy.leadTo(standby.url);
  await expect(store.transact({ durable: true }, (tx) => tx.putRun(sampleRun({ id: "late" })))).rejects.toMatchObject({ code: "STORE_UNAVAILABLE", message: expect.stringContaining("was replaced while this process used it") });
  expect(await again.transact({ durable: false, reads: true }, (tx) => tx.getRun("late"))).toBeNull();
  await Promise.all([again.close(), store.close()]);
  await proxy.close();
});
