import { describe, expect, test } from "vitest";
import type { Store } from "../state/index.ts";
import { sampleEntry, sampleLease, sampleOnce, sampleRun } from "./store-samples.ts";
import { codeOf, openFor, type StorePlace, type StoreUnderTest } from "./store-under-test.ts";

/** What every `Store` promises of one that another language's runtime made. `claim` says so in it. */
export function foreignStoreSuite(adapter: StoreUnderTest, claim: (place: StorePlace) => Promise<void>): void {
  describe(`${adapter.name}: a store of another language`, () => {
    test("is looked at, and written by nothing: it is not driven, and nobody answers in it", async () => {
      const { place, store, tx } = await openFor(adapter);
      await tx((t) => t.putRun(sampleRun()));
      await store.close();
      await claim(place);
      const foreign = await place.open();
      const entry = sampleEntry(sampleOnce("k"));
      const refused = (body: Parameters<Store["transact"]>[1]): Promise<unknown> => codeOf(foreign.transact({ durable: true }, body));
      expect(await foreign.transact({ durable: false }, (t) => t.getRun("run-1"))).toEqual(sampleRun());
      expect(await foreign.transact({ durable: false, reads: true }, async (t) => (await t.listRuns({ limit: 9 })).length)).toBe(1);
      expect([await refused((t) => t.nextFence()), await refused((t) => t.putLease(sampleLease(1))), await refused((t) => t.putEffect(entry, null)), await refused((t) => t.putRun(sampleRun({ status: "failed" })))]).toEqual(Array.from({ length: 4 }, () => "STORE_FOREIGN"));
      expect(await foreign.transact({ durable: false }, async (t) => [(await t.getRun("run-1"))?.status, await t.getEffect(entry.id), await t.getLease()])).toEqual(["running", null, null]);
      await foreign.close();
    });
  });
}
