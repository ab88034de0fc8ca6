import { expect, test } from "vitest";
import { OffstageError } from "../base/index.ts";
import type { Store } from "../state/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createMemoryStore } from "../testing/memory-store.ts";
import { createHealth } from "./health.ts";

function healthOver(store: Store) {
  const clock = createFakeClock();
  return { clock, health: createHealth({ store, clock, now: () => clock.now() }) };
}

test("a loop that turns is alive, one that does not any more is not", async () => {
  const { clock, health } = healthOver(createMemoryStore());
  expect(health.isAlive()).toBe(true);
  await clock.advance(59_000);
  health.turned(true);
  await clock.advance(59_000);
  expect(health.isAlive()).toBe(true);
  await clock.advance(1_000);
  expect([health.isAlive(), (await health.isReady()).ready]).toEqual([false, false]);
});

test("it is ready once it is known who drives the store, whoever that is, and not while it stops", async () => {
  const { clock, health } = healthOver(createMemoryStore());
  expect(await health.isReady()).toEqual({ ready: false, role: "undecided", store: "answers", stopping: false });
  health.turned(false);
  expect(await health.isReady()).toEqual({ ready: true, role: "follower", store: "answers", stopping: false });
  health.turned(true);
  await clock.advance(1_000);
  health.stopping();
  expect(await health.isReady()).toEqual({ ready: false, role: "leader", store: "answers", stopping: true });
});

test("a store that fails, or does not answer in time, is told, and is asked once for all who ask", async () => {
  let asked = 0;
  const store = (transact: () => Promise<never>): Store => ({ ...createMemoryStore(), transact: () => (asked++, transact()) });
  const failing = healthOver(store(() => Promise.reject(new OffstageError("STORE_UNAVAILABLE", "m"))));
  failing.health.turned(true);
  expect(await Promise.all([failing.health.isReady(), failing.health.isReady()])).toMatchObject([{ ready: false, store: "silent" }, { ready: false, store: "silent" }]);
  expect(asked).toBe(1);
  const silent = healthOver(store(() => new Promise(() => undefined)));
  silent.health.turned(true);
  const told = silent.health.isReady();
  await silent.clock.advance(2_000);
  expect(await told).toMatchObject({ ready: false, store: "silent" });
});
