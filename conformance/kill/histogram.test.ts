import { describe, expect, it } from "vitest";
import { histogramText, hitOf } from "./histogram.ts";
import type { EffectSnapshot, StoreSnapshot, Victim } from "./histogram.ts";

const victim: Victim = { pid: 100, begun: true, rival: null };
const effect = (status: EffectSnapshot["status"], fence = 5): EffectSnapshot => ({ id: `${status}-${fence}`, status, fence, deadlineAt: 0 });
const store = (effects: readonly EffectSnapshot[], options: Partial<StoreSnapshot> = {}): StoreSnapshot => ({ lease: { pid: 100, fence: 5 }, runs: [{ id: "run-1", status: "running" }], effects, ...options });

describe("hitOf", () => {
  it("sees a process that died before it intended anything, whatever others did before", () => {
    expect(hitOf(store([effect("done", 4), effect("intended", 4)]), victim)).toEqual({ kind: "before" });
    expect(hitOf(store([], { lease: null }), { ...victim, begun: false })).toEqual({ kind: "before" });
    // The lease of an earlier victim, which nobody took yet.
    expect(hitOf(store([effect("intended", 4)], { lease: { pid: 99, fence: 4 } }), { ...victim, begun: false })).toEqual({ kind: "before" });
    expect(hitOf(store([effect("intended", 4)], { lease: { pid: 99, fence: 4 } }), { ...victim, begun: false, rival: 101 })).toEqual({ kind: "before" });
  });

  it("counts what the process had intended and not heard of", () => {
    expect(hitOf(store([effect("intended"), { ...effect("intended"), id: "two" }, effect("done"), effect("intended", 4)]), victim)).toEqual({ kind: "in-flight", count: 2 });
  });

  it("sees a process that died between an outcome and the run's end", () => {
    expect(hitOf(store([effect("done")]), victim)).toEqual({ kind: "between" });
    expect(hitOf(store([effect("ambiguous")]), victim)).toEqual({ kind: "between" });
  });

  it("sees a process that died after the run's end, with its lease or without", () => {
    expect(hitOf(store([effect("done")], { runs: [{ id: "run-1", status: "succeeded" }] }), victim)).toEqual({ kind: "after" });
    expect(hitOf(store([effect("done")], { lease: null, runs: [{ id: "run-1", status: "succeeded" }] }), victim)).toEqual({ kind: "after" });
  });

  it("tells the follower of another process from its driver", () => {
    const rival = { pid: 101, fence: 6 };
    expect(hitOf(store([effect("intended", 6)], { lease: rival }), { ...victim, begun: false, rival: 101 })).toEqual({ kind: "following" });
    // The rival took the lease before we looked.
    expect(hitOf(store([effect("intended", 5)], { lease: rival }), { ...victim, rival: 101 })).toEqual({ kind: "in-flight", count: 1 });
  });
});

describe("histogramText", () => {
  it("has a line for every place, and one for each number in flight that occurred", () => {
    expect(histogramText([{ kind: "in-flight", count: 4 }, { kind: "in-flight", count: 1 }, { kind: "in-flight", count: 4 }, { kind: "before" }])).toEqual([
      "  before its first intent                 1  #",
      "  1 intended without outcome              1  #",
      "  4 intended without outcome              2  ##",
      "  between an outcome and the run's end    0",
      "  after the run's end                     0",
      "  while it followed another process       0",
    ]);
  });
});
