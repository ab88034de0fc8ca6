import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Store, StoreTx } from "../../state/index.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { numberedEntry, numberedRow } from "../../testing/numbered-rows.ts";
import { type PostgresServer, startPostgres } from "../../testing/postgres.ts";
import { newPostgresPlace } from "../../testing/postgres-place.ts";
import { FROM_CACHE } from "../../testing/test-servers.ts";

const CRASHES = 8;
const OPENER = fileURLToPath(new URL("../../testing/open-postgres.ts", import.meta.url));
const clock = createFakeClock();
let server: PostgresServer;
beforeAll(async () => { server = await startPostgres(); });
afterAll(() => server.stop());

test("processes that start at once on an empty database make one store", async () => {
  const place = newPostgresPlace(clock, server.url);
  const said = await Promise.all(Array.from({ length: 6 }, async () => (await promisify(execFile)(process.execPath, [...FROM_CACHE, OPENER, place.url, place.schema])).stdout.split(" ")));
  expect(new Set(said.map(([id]) => id)).size).toBe(1);
  expect(said.map(([, fence]) => Number(fence)).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
});

/** Writes one numbered effect with its journal row, and counts. */
async function write(tx: StoreTx): Promise<number> {
  const before = await tx.getState("s", "n", "k");
  const number = Number(before?.value ?? 0);
  await tx.putEffect(numberedEntry(number), null);
  await tx.appendJournal("run-1", [numberedRow(number)]);
  await tx.putState("s", "n", "k", String(number + 1), before?.version ?? 0);
  return number;
}

test(`a server that is killed ${CRASHES} times under load loses nothing that was acknowledged, and has nothing twice`, async () => {
  const place = newPostgresPlace(clock, server.url);
  const stores = [await place.open(), await place.open()];
  const written: number[] = [];
  let crashing = true;
  const writeOn = async (store: Store, durable: boolean): Promise<void> => {
    while (crashing) written.push(await store.transact({ durable }, write));
  };
  const loads = stores.flatMap((store) => [writeOn(store, true), writeOn(store, false)]);
  for (let crash = 0; crash < CRASHES; crash++) {
    const until = written.length + 7 + crash;
    while (written.length < until) await stores[0]?.transact({ durable: false, reads: true }, (tx) => tx.getLease());
    await server.crash();
    await server.restart();
  }
  crashing = false;
  await Promise.all(loads);
  const [store] = stores as [Store, Store];
  const kept = await store.transact({ durable: true }, async (tx) => ({ effects: await tx.listEffects({ limit: 100_000 }), rows: await tx.loadJournal("run-1"), count: Number((await tx.getState("s", "n", "k"))?.value) }));
  const inOrder = written.toSorted((a, b) => a - b);
  expect(inOrder).toEqual(inOrder.map((_number, index) => index));
  expect([kept.effects.length, kept.rows.length, kept.count]).toEqual([written.length, written.length, written.length]);
  await Promise.all(stores.map((one) => one.close()));
});
