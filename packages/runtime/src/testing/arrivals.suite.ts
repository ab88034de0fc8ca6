import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import type { Arrival } from "../model/index.ts";
import { sampleArrival, sampleRun } from "./store-samples.ts";
import { openFor, type StoreUnderTest } from "./store-under-test.ts";

const ALL = { workflows: ["leaks", "other"], now: 9_000, starts: 9, limit: 9 };

/** What every `Store` promises of the events that came for workflows. */
export function arrivalsSuite(adapter: StoreUnderTest): void {
  describe(`${adapter.name}: arrivals`, () => {
    test("an arrival comes back as it was put, in the order in which they came, until it does not wait any more", async () => {
      const { tx } = await openFor(adapter);
      const first = sampleArrival("2026-11-02T09:10:00.000Z", { key: "k 😀", overlap: "replace", sweep: true, each: true });
      const second = sampleArrival("2026-11-02T09:00:00.000Z", { arrivedAt: 1, dueAt: 1 });
      expect(await tx(async (t) => [await t.addArrival(first), await t.addArrival(second)])).toEqual([true, true]);
      expect(isDeepStrictEqual(await tx((t) => t.admissibleArrivals(ALL)), [first, second])).toBe(true);
      expect(await tx((t) => t.admissibleArrivals({ ...ALL, starts: 1, limit: 1 }))).toEqual([first]);
      expect(await tx((t) => t.admissibleArrivals({ ...ALL, now: 1 }))).toEqual([second]);
      expect(await tx((t) => t.admissibleArrivals({ ...ALL, workflows: ["other"] }))).toEqual([]);
      expect(await tx((t) => t.admissibleArrivals({ ...ALL, workflows: [] }))).toEqual([]);
      await tx((t) => t.putArrival({ ...first, status: "dropped", why: "skipped" }));
      expect(await tx((t) => t.admissibleArrivals(ALL))).toEqual([second]);
      expect(await tx((t) => t.getArrival(first.workflow, first.trigger, first.id))).toEqual({ ...first, status: "dropped", why: "skipped" });
      expect(await tx((t) => t.getArrival(first.workflow, first.trigger, "another"))).toBeNull();
      await tx((t) => t.putArrival({ ...second, status: "started", runId: "a" }));
      expect(await tx(async (t) => [await t.arrivalOf("a"), await t.arrivalOf("b")])).toEqual([{ ...second, status: "started", runId: "a" }, null]);
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
      expect(await tx((t) => t.admissibleArrivals(ALL))).toEqual([]);
      expect(await tx(async (t) => [await t.addArrival({ ...arrival, workflow: "other" }), await t.addArrival({ ...arrival, trigger: "every 1h" })])).toEqual([true, true]);
    });

    test("of those that wait the first of each free key may start; those that may be dropped or replace a run are judged whether it is their turn or not", async () => {
      const { tx } = await openFor(adapter);
      const plain = (id: string, more: Partial<Arrival> = {}): Arrival => sampleArrival(id, { overlap: "queue", each: true, ...more });
      const came = [
        plain("1", { key: "a" }), plain("2", { key: "a" }), plain("3", { key: "busy" }), plain("4", { key: "a", overlap: "skip" }), plain("5", { key: "busy", each: false }),
        plain("6", { key: "busy", overlap: "replace", sweep: true }), plain("7", { key: "b" }), plain("8", { key: "c", dueAt: 10_000 }), plain("9", { key: "busy", workflow: "other" }),
      ];
      await tx(async (t) => {
        await t.putRun(sampleRun({ id: "r", status: "parked", turn: "busy" }));
        await t.putRun(sampleRun({ id: "s", status: "succeeded", turn: "a" }));
        for (const arrival of came) await t.addArrival(arrival);
      });
      const ids = async (filter: Partial<typeof ALL>): Promise<string> => (await tx((t) => t.admissibleArrivals({ ...ALL, ...filter }))).map(({ id }) => id).join(" ");
      expect(await ids({})).toBe("1 4 5 6 7 9");
      expect(await ids({ limit: 1 })).toBe("1 4 7 9");
      // Who comes before them under their key may not be among so few.
      expect(await ids({ starts: 1 })).toBe("1");
      expect(await ids({ starts: 2 })).toBe("1 4 5 6 7");
      expect(await ids({ workflows: ["other"] })).toBe("9");
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
