import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import type { StoreTx } from "../state/index.ts";
import { HARD_DATA, sampleRun, sampleWait } from "./store-samples.ts";
import { openFor, type StoreUnderTest } from "./store-under-test.ts";

/** What every `Store` promises of what runs wait for. */
export function waitsSuite(adapter: StoreUnderTest): void {
  describe(`${adapter.name}: waits`, () => {
    describeWaitRows(adapter);
    describeDueRuns(adapter);
  });
}

function describeWaitRows(adapter: StoreUnderTest): void {
  test("a wait comes back as it was put, one for each step of a run, until it is removed", async () => {
    const { tx } = await openFor(adapter);
    const wait = sampleWait("1", { step: "each#1[a 😀]/sleep#1", until: null });
    await tx((t) => t.putWait(wait));
    expect(isDeepStrictEqual(await tx((t) => t.getWait("run-1", wait.step)), wait)).toBe(true);
    const over = sampleWait("2", { step: wait.step, status: "over", until: 9 });
    await tx((t) => t.putWait(over));
    expect(isDeepStrictEqual(await tx((t) => t.getWait("run-1", wait.step)), over)).toBe(true);
    expect(await tx((t) => t.getWait("run-2", wait.step))).toBeNull();
    await tx((t) => t.removeWait("run-2", wait.step));
    expect(await tx((t) => t.getWait("run-1", wait.step))).toEqual(over);
    await tx((t) => t.removeWait("run-1", wait.step));
    expect(await tx((t) => t.getWait("run-1", wait.step))).toBeNull();
  });

  test("waits are listed newest first, filtered and limited", async () => {
    const { tx } = await openFor(adapter);
    await tx(async (t) => {
      await t.putWait(sampleWait("a", { since: 5 }));
      await t.putWait(sampleWait("b", { since: 5, status: "over" }));
      await t.putWait(sampleWait("c", { since: 4, runId: "run-2" }));
    });
    const ids = (filter: Partial<Parameters<StoreTx["listWaits"]>[0]>): Promise<readonly string[]> => tx(async (t) => (await t.listWaits({ limit: 10, ...filter })).map((wait) => wait.id));
    expect(await ids({})).toEqual(["b", "a", "c"]);
    expect(await ids({ limit: 1 })).toEqual(["b"]);
    expect(await ids({ runId: "run-1", status: ["open", "ready"] })).toEqual(["a"]);
    expect(await ids({ kind: "sleep", status: ["over"] })).toEqual(["b"]);
    expect(await ids({ status: [] })).toEqual([]);
  });

  test("what people are asked comes back whole, and is found by what it is about", async () => {
    const { tx } = await openFor(adapter);
    const asked = { ...sampleWait("a"), kind: "approval", topic: "t".repeat(64), message: "Merge?", show: HARD_DATA, by: ["ada"], answer: { verdict: "denied", by: "ada", at: 7 } } as const;
    await tx(async (t) => {
      await t.putWait(asked);
      await t.putWait({ ...asked, id: "b", step: "b", topic: "u", by: null, answer: null });
      await t.putWait(sampleWait("c"));
    });
    const found = await tx((t) => t.listWaits({ topic: asked.topic, kind: "approval", limit: 9 }));
    expect(found.length === 1 && isDeepStrictEqual(found[0], asked)).toBe(true);
  });
}

function describeDueRuns(adapter: StoreUnderTest): void {
  test("a parked run is due when one of its waits is ready, or its instant came; no other run ever is", async () => {
    const { tx } = await openFor(adapter);
    await tx(async (t) => {
      for (const [id, createdAt] of [["soon", 1], ["late", 2], ["never", 3], ["ready", 4], ["over", 5]] as const) await t.putRun(sampleRun({ id, createdAt, status: "parked" }));
      await t.putRun(sampleRun({ id: "running", status: "running" }));
      await t.putWait(sampleWait("1", { runId: "soon", step: "a", until: 10 }));
      await t.putWait(sampleWait("2", { runId: "soon", step: "b", until: 10 }));
      await t.putWait(sampleWait("3", { runId: "late", until: 20 }));
      await t.putWait(sampleWait("4", { runId: "never", until: null }));
      await t.putWait(sampleWait("5", { runId: "ready", until: null, status: "ready" }));
      await t.putWait(sampleWait("6", { runId: "over", until: 1, status: "over" }));
      await t.putWait(sampleWait("7", { runId: "running", until: 1 }));
    });
    const due = (now: number, limit = 9): Promise<readonly string[]> => tx(async (t) => (await t.dueRuns(now, limit)).map((run) => run.id));
    expect(await due(9)).toEqual(["ready"]);
    expect(await due(10)).toEqual(["ready", "soon"]);
    expect(await due(20)).toEqual(["ready", "late", "soon"]);
    expect(await due(20, 1)).toEqual(["ready"]);
    expect(await tx((t) => t.nextWake())).toBe(10);
    await tx((t) => t.removeWait("soon", "a"));
    await tx(async (t) => { await t.putRun(sampleRun({ id: "soon", status: "succeeded" })); });
    expect(await tx((t) => t.nextWake())).toBe(20);
    await tx((t) => t.removeWait("late", "sleep#3"));
    expect(await tx((t) => t.nextWake())).toBeNull();
  });
}
