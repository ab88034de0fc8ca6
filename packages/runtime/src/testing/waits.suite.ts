import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import type { Wait } from "../model/index.ts";
import type { EventOffer, StoreTx } from "../state/index.ts";
import { HARD_DATA, sampleRun, sampleWait } from "./store-samples.ts";
import { openFor, type StoreUnderTest } from "./store-under-test.ts";

/** What every `Store` promises of what runs wait for. */
export function waitsSuite(adapter: StoreUnderTest): void {
  describe(`${adapter.name}: waits`, () => {
    describeWaitRows(adapter);
    describeDueRuns(adapter);
    describeEvents(adapter);
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

  test("the topics that steps wait for are told, each once, while one waits", async () => {
    const { tx } = await openFor(adapter);
    const waitFor = (id: string, source: string, status: "open" | "ready" | "over" = "open"): Wait => ({ ...sampleWait(id, { status }), kind: "event", topic: `webhook:${source}`, source: { kind: "webhook", source } }) as Wait;
    await tx(async (t) => {
      for (const wait of [waitFor("a", "b"), waitFor("b", "b", "ready"), waitFor("c", "a"), waitFor("d", "c", "over"), sampleWait("e")]) await t.putWait(wait);
    });
    expect(await tx((t) => t.openTopics())).toEqual(["webhook:a", "webhook:b"]);
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
    expect(await due(10)).toEqual(["soon", "ready"]);
    expect(await due(20)).toEqual(["soon", "late", "ready"]);
    expect(await due(20, 1)).toEqual(["soon"]);
    expect(await tx((t) => t.nextWake())).toBe(10);
    await tx((t) => t.removeWait("soon", "a"));
    await tx(async (t) => { await t.putRun(sampleRun({ id: "soon", status: "succeeded" })); });
    expect(await tx((t) => t.nextWake())).toBe(20);
    await tx((t) => t.removeWait("late", "sleep#3"));
    expect(await tx((t) => t.nextWake())).toBeNull();
  });
}

function describeEvents(adapter: StoreUnderTest): void {
  const offer = (id: string, change: Partial<EventOffer> = {}): EventOffer => ({ runId: "run-1", step: "waitFor#1", id, event: { body: id }, offeredAt: 1_000, ...change });
  type Next = Awaited<ReturnType<StoreTx["nextEvent"]>>;

  test("events that a step was offered come in order, each once, for that step of that run", async () => {
    const { tx } = await openFor(adapter);
    expect(await tx((t) => t.nextEvent("run-1", "waitFor#1", 0))).toBeNull();
    const kept = await tx(async (t) => {
      const answers: boolean[] = [];
      for (const one of [offer("b"), offer("a"), offer("b", { event: "other" }), offer("b", { step: "waitFor#2" }), offer("b", { runId: "run-2" }), offer("c")]) answers.push(await t.offerEvent(one));
      return answers;
    });
    expect(kept).toEqual([true, true, false, true, true, true]);
    const seen: unknown[] = [];
    await tx(async (t) => {
      for (let next: Next = await t.nextEvent("run-1", "waitFor#1", 0); next !== null; next = await t.nextEvent("run-1", "waitFor#1", next.place)) {
        expect(next.place).toBeGreaterThan(0);
        seen.push(next.event);
      }
    });
    expect(seen).toEqual([{ body: "b" }, { body: "a" }, { body: "c" }]);
  });

  test("an event comes back whole", async () => {
    const { tx } = await openFor(adapter);
    await tx((t) => t.offerEvent(offer("a", { event: HARD_DATA, step: "each#1[a 😀]/waitFor#1" })));
    const next = await tx((t) => t.nextEvent("run-1", "each#1[a 😀]/waitFor#1", 0));
    expect(isDeepStrictEqual(next?.event, HARD_DATA)).toBe(true);
  });

  test("what was looked at is forgotten, but that it came; places are not given again", async () => {
    const { tx } = await openFor(adapter);
    const [first, second] = await tx(async (t) => {
      await t.offerEvent(offer("a"));
      await t.offerEvent(offer("b"));
      const one = await t.nextEvent("run-1", "waitFor#1", 0);
      return [one, await t.nextEvent("run-1", "waitFor#1", one?.place ?? 0)];
    });
    await tx((t) => t.clearEvents("run-1", "waitFor#1", first?.place ?? 0));
    expect(await tx((t) => t.nextEvent("run-1", "waitFor#1", first?.place ?? 0))).toEqual(second);
    expect(await tx((t) => t.offerEvent(offer("a")))).toBe(false);
    await tx((t) => t.removeWait("run-1", "waitFor#1"));
    expect(await tx((t) => t.nextEvent("run-1", "waitFor#1", 0))).toBeNull();
    expect(await tx((t) => t.offerEvent(offer("a")))).toBe(true);
    expect((await tx((t) => t.nextEvent("run-1", "waitFor#1", second?.place ?? 0)))?.event).toEqual({ body: "a" });
  });

  test("an offer of a transaction that fails was never made", async () => {
    const { tx } = await openFor(adapter);
    await expect(tx(async (t) => {
      await t.offerEvent(offer("a"));
      throw new Error("died");
    })).rejects.toThrow("died");
    expect(await tx((t) => t.nextEvent("run-1", "waitFor#1", 0))).toBeNull();
    expect(await tx((t) => t.offerEvent(offer("a")))).toBe(true);
  });

  test("an id that a run was offered is remembered for its source until the run is forgotten, whatever waits", async () => {
    const { tx } = await openFor(adapter);
    const remembered = await tx(async (t) => [await t.rememberEvent("run-1", "queue:a", "1"), await t.rememberEvent("run-1", "queue:a", "1"), await t.rememberEvent("run-1", "queue:b", "1"), await t.rememberEvent("run-2", "queue:a", "1")]);
    expect(remembered).toEqual([true, false, true, true]);
    await tx((t) => t.removeWait("run-1", "waitFor#1"));
    expect(await tx((t) => t.rememberEvent("run-1", "queue:a", "1"))).toBe(false);
    await tx((t) => t.forgetEvents("run-1"));
    expect(await tx(async (t) => [await t.rememberEvent("run-1", "queue:a", "1"), await t.rememberEvent("run-2", "queue:a", "1")])).toEqual([true, false]);
  });

  test("an event wait is found by its source", async () => {
    const { tx } = await openFor(adapter);
    const wait = { ...sampleWait("a"), kind: "event", topic: "webhook:github", source: { kind: "webhook", source: "github" } } as const;
    await tx((t) => t.putWait(wait));
    await tx((t) => t.putWait({ ...wait, id: "b", step: "b", topic: "webhook:gitlab" }));
    expect(await tx((t) => t.listWaits({ kind: "event", topic: "webhook:github", limit: 9 }))).toEqual([wait]);
  });
}
