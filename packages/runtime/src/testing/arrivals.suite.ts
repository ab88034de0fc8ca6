import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { sampleArrival, sampleRun } from "./store-samples.ts";
import { openFor, type StoreUnderTest } from "./store-under-test.ts";

const ALL = { workflows: ["leaks", "other"], now: 9_000, limit: 9 };

/** What every `Store` promises of the events that came for workflows. */
export function arrivalsSuite(adapter: StoreUnderTest): void {
  describe(`${adapter.name}: arrivals`, () => {
    test("an arrival comes back as it was put, in the order in which they came, until it does not wait any more", async () => {
      const { tx } = await openFor(adapter);
      const first = sampleArrival("2026-11-02T09:10:00.000Z", { key: "k 😀", overlap: "replace", sweep: true, each: true });
      const second = sampleArrival("2026-11-02T09:00:00.000Z", { arrivedAt: 1, dueAt: 1 });
      expect(await tx(async (t) => [await t.addArrival(first), await t.addArrival(second)])).toEqual([true, true]);
      expect(isDeepStrictEqual(await tx((t) => t.waitingArrivals(ALL)), [first, second])).toBe(true);
      expect(await tx((t) => t.waitingArrivals({ ...ALL, limit: 1 }))).toEqual([first]);
      expect(await tx((t) => t.waitingArrivals({ ...ALL, now: 1 }))).toEqual([second]);
      expect(await tx((t) => t.waitingArrivals({ ...ALL, workflows: ["other"] }))).toEqual([]);
      expect(await tx((t) => t.waitingArrivals({ ...ALL, workflows: [] }))).toEqual([]);
      await tx((t) => t.putArrival({ ...first, status: "dropped", why: "skipped" }));
      expect(await tx((t) => t.waitingArrivals(ALL))).toEqual([second]);
      expect(await tx((t) => t.getArrival(first.workflow, first.trigger, first.id))).toEqual({ ...first, status: "dropped", why: "skipped" });
      expect(await tx((t) => t.getArrival(first.workflow, first.trigger, "another"))).toBeNull();
    });

    test("those that wait are counted, due or not, and no further than they need to be", async () => {
      const { tx } = await openFor(adapter);
      const count = (limit: number, ...workflows: readonly string[]): Promise<number> => tx((t) => t.countWaitingArrivals({ workflows, limit }));
      await tx(async (t) => {
        for (const id of ["1", "2", "3"]) await t.addArrival(sampleArrival(id, { dueAt: Number.MAX_SAFE_INTEGER }));
        await t.addArrival(sampleArrival("4", { workflow: "other" }));
        await t.addArrival(sampleArrival("5", { status: "dropped", why: "w" }));
      });
      expect([await count(9, "leaks"), await count(9, "leaks", "other"), await count(2, "leaks"), await count(9)]).toEqual([3, 4, 2, 0]);
    });

    test("the second arrival of an id is the first one, whatever became of it; another workflow or trigger has its own", async () => {
      const { tx } = await openFor(adapter);
      const arrival = sampleArrival("1");
      await tx((t) => t.addArrival({ ...arrival, status: "dropped", why: "w" }));
      expect(await tx((t) => t.addArrival(arrival))).toBe(false);
      expect(await tx((t) => t.waitingArrivals(ALL))).toEqual([]);
      expect(await tx(async (t) => [await t.addArrival({ ...arrival, workflow: "other" }), await t.addArrival({ ...arrival, trigger: "every 1h" })])).toEqual([true, true]);
    });

    test("the runs that go on are told with the key of what started them; those at their end and those of nobody are not", async () => {
      const { tx } = await openFor(adapter);
      await tx(async (t) => {
        for (const [id, status] of [["a", "queued"], ["b", "running"], ["c", "parked"], ["d", "succeeded"], ["e", "pending"]] as const) {
          await t.putRun(sampleRun({ id, status }));
          await t.addArrival(sampleArrival(id, { key: `key-${id}`, status: "started", runId: id }));
        }
        await t.putRun(sampleRun({ id: "f", status: "running" }));
      });
      expect(await tx((t) => t.goingRuns())).toEqual(["a", "b", "c"].map((id) => ({ runId: id, workflow: "leaks", key: `key-${id}` })));
    });

    test("a schedule is remembered by workflow and trigger", async () => {
      const { tx } = await openFor(adapter);
      expect(await tx((t) => t.getSchedule("leaks", "every 10m"))).toBeNull();
      await tx((t) => t.putSchedule("leaks", "every 10m", 5));
      await tx((t) => t.putSchedule("leaks", "every 10m", 7));
      expect(await tx((t) => t.getSchedule("leaks", "every 10m"))).toBe(7);
      expect(await tx((t) => t.getSchedule("leaks", "every 1h"))).toBeNull();
    });
  });
}
