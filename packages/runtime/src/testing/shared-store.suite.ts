import { describe, expect, onTestFinished, test } from "vitest";
import type { Store } from "../state/index.ts";
import { sampleEntry, sampleLease, sampleOnce, sampleRun, settled } from "./store-samples.ts";
import { codeOf, openFor, type StorePlace, type StoreUnderTest } from "./store-under-test.ts";

const ROUNDS = 40;

/** What every store promises that several processes may open: one truth, whoever asks. */
export function sharedStoreSuite(adapter: StoreUnderTest): void {
  describe(`${adapter.name}: two at once`, () => {
    test("see the same store, and each other's rows at once", async () => {
      const { store, place, tx } = await openFor(adapter);
      const other = await openAnother(place);
      expect(other.id).toBe(store.id);
      await tx((t) => t.putRun(sampleRun()));
      expect(await other.transact({ durable: false }, (t) => t.getRun("run-1"))).toEqual(sampleRun());
    });

    test("open a new store at the same time, and make it once", async () => {
      const place = await adapter.newPlace();
      const stores = await Promise.all(Array.from({ length: 6 }, () => place.open()));
      onTestFinished(async () => {
        await Promise.all(stores.map((store) => store.close()));
        await place.remove();
      });
      expect(new Set(stores.map(({ id }) => id)).size).toBe(1);
      expect(await Promise.all(stores.map((store) => store.transact({ durable: true }, (t) => t.nextFence())))).toEqual(expect.arrayContaining([1, 2, 3, 4, 5, 6]));
    });

    test("a store that is opened again is the same, with its rows", async () => {
      const { store, place, tx } = await openFor(adapter);
      const entry = settled(sampleEntry(sampleOnce("k")));
      await tx((t) => t.putEffect(entry, null));
      await store.close();
      const again = await openAnother(place);
      expect(again.id).toBe(store.id);
      expect(await again.transact({ durable: false }, (t) => t.getEffect(entry.id))).toEqual(entry);
    });

    test("intend one effect each, and one of them wins", async () => {
      const { store, place } = await openFor(adapter);
      const stores = [store, await openAnother(place)];
      for (let round = 0; round < ROUNDS; round++) {
        const identity = sampleOnce(`k${round}`);
        const wins = await Promise.all(stores.map((one, index) => one.transact({ durable: false }, (t) => t.putEffect(sampleEntry(identity, { fence: index }), null))));
        expect(wins.filter(Boolean)).toEqual([true]);
        const kept = await store.transact({ durable: false }, (t) => t.getEffect(sampleEntry(identity).id));
        expect(kept?.fence).toBe(wins.indexOf(true));
      }
    });

    test("settle one effect each, and one of them wins", async () => {
      const { store, place, tx } = await openFor(adapter);
      const stores = [store, await openAnother(place)];
      for (let round = 0; round < ROUNDS; round++) {
        const entry = sampleEntry(sampleOnce(`k${round}`));
        await tx((t) => t.putEffect(entry, null));
        const wins = await Promise.all(stores.map((one, index) => one.transact({ durable: false }, (t) => t.putEffect(settled(entry, index), entry))));
        expect(wins.filter(Boolean)).toEqual([true]);
      }
    });

    test("count to the same number", async () => {
      const { store, place } = await openFor(adapter);
      const stores = [store, await openAnother(place)];
      const increment = (one: Store): Promise<boolean> => one.transact({ durable: false }, async (t) => {
        const before = await t.getState("s", "n", "k");
        return t.putState("s", "n", "k", String(Number(before?.value ?? 0) + 1), before?.version ?? 0);
      });
      await Promise.all(Array.from({ length: ROUNDS }, () => stores.map(increment)).flat());
      expect(await store.transact({ durable: false }, (t) => t.getState("s", "n", "k"))).toEqual({ value: String(2 * ROUNDS), version: 2 * ROUNDS });
    });

    test("see the same lanes, at a time that goes on", async () => {
      const { place, tx } = await openFor(adapter);
      const first = await tx((t) => t.getLane("a"));
      expect(first.lane).toBeNull();
      await tx(async (t) => {
        await t.putLane("a", { starts: [1.5] });
        await t.putLane("b", { starts: [] });
        await t.putLane("a", { starts: [first.now, 2] });
      });
      const other = await openAnother(place);
      const seen = await other.transact({ durable: false, reads: true }, (t) => t.getLane("a"));
      expect(seen.lane).toEqual({ starts: [first.now, 2] });
      expect(seen.now).toBeGreaterThanOrEqual(first.now);
      expect((await other.transact({ durable: false }, (t) => t.getLane("b"))).lane).toEqual({ starts: [] });
    });

    test("the one whose lease was taken writes nothing any more", async () => {
      const { store, place, tx } = await openFor(adapter);
      const other = await openAnother(place);
      await tx((t) => t.putLease(sampleLease(1)));
      await store.transact({ durable: true, fence: 1 }, (t) => t.putRun(sampleRun()));
      await other.transact({ durable: true }, (t) => t.putLease(sampleLease(2)));
      expect(await codeOf(store.transact({ durable: true, fence: 1 }, (t) => t.putRun(sampleRun({ status: "failed" }))))).toBe("LEASE_LOST");
      expect(await other.transact({ durable: true, fence: 2 }, (t) => t.getRun("run-1"))).toEqual(sampleRun());
    });
  });
}

async function openAnother(place: StorePlace): Promise<Store> {
  const store = await place.open();
  onTestFinished(() => store.close());
  return store;
}
