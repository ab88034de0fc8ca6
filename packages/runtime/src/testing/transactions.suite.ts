import { describe, expect, test } from "vitest";
import type { StoreTx } from "../state/index.ts";
import { sampleEntry, sampleLease, sampleOnce, sampleRequest, sampleRun } from "./store-samples.ts";
import { codeOf, openFor, type StoreUnderTest } from "./store-under-test.ts";

/** What every `Store` promises of its transactions. */
export function transactionSuite(adapter: StoreUnderTest): void {
  describe(`${adapter.name}: transactions`, () => {
    test("give back what their body gives", async () => {
      const { tx } = await openFor(adapter);
      expect(await tx(async () => "value")).toBe("value");
    });

    test("store nothing when their body throws, and pass its error on", async () => {
      const { tx } = await openFor(adapter);
      const thrown = new Error("mine");
      const failing = tx(async (t) => {
        await t.putRun(sampleRun());
        await t.appendJournal("run-1", [{ key: "a", kind: "step", hash: "h", value: "1" }]);
        await t.putEffect(sampleEntry(sampleOnce("k")), null);
        throw thrown;
      });
      await expect(failing).rejects.toBe(thrown);
      expect(await tx(async (t) => [await t.getRun("run-1"), await t.loadJournal("run-1"), await t.listEffects({ limit: 9 })])).toEqual([null, [], []]);
    });

    test("store nothing when a statement was refused, should the body go on", async () => {
      const { tx } = await openFor(adapter);
      const failing = tx(async (t) => {
        await t.putRequest(sampleRequest("r1"));
        await t.putRequest(sampleRequest("r2")).catch(() => undefined);
      });
      expect(await codeOf(failing)).toBe("BUG");
      expect(await tx((t) => t.listRequests({ limit: 9 }))).toEqual([]);
    });

    test("take turns, so that none sees another's half", async () => {
      const { tx } = await openFor(adapter);
      const increment = (): Promise<boolean> => tx(async (t) => {
        const before = await t.getState("s", "n", "k");
        await Promise.resolve();
        return t.putState("s", "n", "k", String(Number(before?.value ?? 0) + 1), before?.version ?? 0);
      });
      expect(await Promise.all(Array.from({ length: 50 }, increment))).toEqual(Array.from({ length: 50 }, () => true));
      expect(await tx((t) => t.getState("s", "n", "k"))).toEqual({ value: "50", version: 50 });
    });

    test("go on after one that failed", async () => {
      const { tx } = await openFor(adapter);
      const both = await Promise.allSettled([tx(() => Promise.reject(new Error("x"))), tx((t) => t.nextFence())]);
      expect(both).toMatchObject([{ status: "rejected" }, { status: "fulfilled", value: 1 }]);
    });

    test("are dead when their body has ended", async () => {
      const { tx } = await openFor(adapter);
      let leaked: StoreTx | undefined;
      await tx(async (t) => { leaked = t; });
      expect(await codeOf(leaked?.putRun(sampleRun()) ?? Promise.resolve())).toBe("BUG");
      expect(await tx((t) => t.getRun("run-1"))).toBeNull();
    });

    test("with a fence are refused unless the lease has that token", async () => {
      const { store, tx } = await openFor(adapter);
      const put = (fence: number): Promise<unknown> => codeOf(store.transact({ durable: true, fence }, (t) => t.putRun(sampleRun())));
      expect(await put(1)).toBe("LEASE_LOST");
      await tx((t) => t.putLease(sampleLease(2)));
      expect([await put(1), await put(3)]).toEqual(["LEASE_LOST", "LEASE_LOST"]);
      expect(await tx((t) => t.getRun("run-1"))).toBeNull();
      expect(await put(2)).toEqual({ value: undefined });
      await tx((t) => t.putLease(null));
      expect(await put(2)).toBe("LEASE_LOST");
    });

    test("are refused after the store was closed, which may be done twice", async () => {
      const { store } = await openFor(adapter);
      await store.close();
      await store.close();
      expect(await codeOf(store.transact({ durable: false }, (t) => t.nextFence()))).toBe("STORE_UNAVAILABLE");
    });

    test("closing waits for those that were begun", async () => {
      const { store } = await openFor(adapter);
      const begun = store.transact({ durable: true }, (t) => t.nextFence());
      await store.close();
      expect(await begun).toBe(1);
    });
  });
}
