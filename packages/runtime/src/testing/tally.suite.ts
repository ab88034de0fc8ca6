import { describe, expect, test } from "vitest";
import { sampleArrival, sampleRequest, sampleRun, sampleWait } from "./store-samples.ts";
import { openFor, type StoreUnderTest } from "./store-under-test.ts";

/** What every `Store` promises of its tally. */
export function tallySuite(adapter: StoreUnderTest): void {
  describe(`${adapter.name}: a tally`, () => {
    test("counts what goes on and what waits, and nothing that is over", async () => {
      const { tx } = await openFor(adapter);
      expect(await tx((t) => t.tally())).toEqual({ runs: [], arrivals: [], requests: 0, questions: 0 });
      await tx(async (t) => {
        for (const [id, workflow, status] of [["1", "leaks", "parked"], ["2", "leaks", "parked"], ["3", "leaks", "queued"], ["4", "other", "running"], ["5", "leaks", "succeeded"]] as const) await t.putRun(sampleRun({ id, workflow, status }));
        await t.addArrival(sampleArrival("a", { dueAt: 7_000 }));
        await t.addArrival(sampleArrival("b", { dueAt: 5_000 }));
        await t.addArrival(sampleArrival("c", { status: "dropped", why: "w" }));
        for (const [id, status] of [["q", "open"], ["r", "approved"]] as const) await t.putRequest(sampleRequest(id, { effect: id, status }));
        await t.putWait(sampleWait("w"));
        const question = { kind: "approval", topic: "t", message: "m", show: null, by: null, answer: null } as const;
        await t.putWait({ ...sampleWait("x"), ...question, step: "x" });
        await t.putWait({ ...sampleWait("y"), ...question, step: "y", status: "over" });
      });
      expect(await tx((t) => t.tally())).toEqual({
        runs: [{ workflow: "leaks", status: "parked", count: 2 }, { workflow: "leaks", status: "queued", count: 1 }, { workflow: "other", status: "running", count: 1 }],
        arrivals: [{ workflow: "leaks", count: 2, firstDueAt: 5_000 }],
        requests: 1, questions: 1,
      });
    });
  });
}
