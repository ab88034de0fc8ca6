import fc from "fast-check";
import { expect, test } from "vitest";
import type { Arrival } from "../model/index.ts";
import { sampleArrival } from "../testing/store-samples.ts";
import { decideArrivals } from "./decide-arrivals.ts";

const NOW = 2_000;
const GOING = [{ runId: "r", workflow: "leaks", key: "" }];
const idsOf = (arrivals: readonly Arrival[]): readonly string[] => arrivals.map(({ id }) => id);
const summary = ({ start, drop, replace }: ReturnType<typeof decideArrivals>): object => ({ start: idsOf(start), drop: idsOf(drop.map(({ arrival }) => arrival)), replace });

test("one of each key starts, the first that came; other keys and other workflows do not wait for it", () => {
  const waiting = [sampleArrival("1"), sampleArrival("2", { trigger: "webhook:x" }), sampleArrival("3", { key: "a" }), sampleArrival("4", { workflow: "other" })];
  expect(summary(decideArrivals(waiting, [], NOW))).toEqual({ start: ["1", "3", "4"], drop: [], replace: [] });
  expect(summary(decideArrivals(waiting, GOING, NOW))).toEqual({ start: ["3", "4"], drop: [], replace: [] });
});

test("nothing starts before its time", () => {
  expect(summary(decideArrivals([sampleArrival("1", { dueAt: NOW + 1 })], [], NOW))).toEqual({ start: [], drop: [], replace: [] });
});

test("of several times of one schedule the newest waits, unless each is to start a run", () => {
  const times = [sampleArrival("1"), sampleArrival("2"), sampleArrival("3")];
  expect(summary(decideArrivals(times, GOING, NOW))).toEqual({ start: [], drop: ["1", "2"], replace: [] });
  expect(summary(decideArrivals(times.map((one) => ({ ...one, each: true })), GOING, NOW))).toEqual({ start: [], drop: [], replace: [] });
  expect(summary(decideArrivals(times.map((one, index) => ({ ...one, trigger: `every ${index + 1}m` })), GOING, NOW))).toEqual({ start: [], drop: [], replace: [] });
});

test("skip drops what comes while a run goes on or begins, and says which; a sweep waits", () => {
  const skipping = sampleArrival("1", { overlap: "skip" });
  expect(decideArrivals([skipping], GOING, NOW).drop).toEqual([{ arrival: skipping, why: "run r with the same key was going on" }]);
  expect(summary(decideArrivals([sampleArrival("0", { trigger: "every 1h" }), skipping], [], NOW))).toEqual({ start: ["0"], drop: ["1"], replace: [] });
  expect(summary(decideArrivals([{ ...skipping, sweep: true }], GOING, NOW))).toEqual({ start: [], drop: [], replace: [] });
});

test("replace ends the run that goes on, and only the newest waits for that", () => {
  const replacing = ["1", "2"].map((id) => sampleArrival(id, { trigger: `every ${id}h`, overlap: "replace" }));
  expect(summary(decideArrivals(replacing, GOING, NOW))).toEqual({ start: [], drop: ["1"], replace: ["r"] });
});

test("whatever waits and goes on: no two runs of one key, nothing is both started and dropped, and no sweep is dropped but for a newer one of its schedule", () => {
  const arrivals = fc.array(
    fc.record({ key: fc.constantFrom("", "a"), trigger: fc.constantFrom("every 1h", "every 2h"), overlap: fc.constantFrom("queue", "skip", "replace"), sweep: fc.boolean(), each: fc.boolean(), dueAt: fc.constantFrom(NOW - 1, NOW, NOW + 1) }),
    { maxLength: 8 },
  );
  fc.assert(fc.property(arrivals, fc.boolean(), (rows, busy) => {
    const waiting = rows.map((row, index) => sampleArrival(String(index), row as Partial<Arrival>));
    const { start, drop, replace } = decideArrivals(waiting, busy ? GOING : [], NOW);
    const turns = [...start.map(({ key }) => key), ...(busy ? [""] : [])];
    expect(new Set(turns).size).toBe(turns.length);
    const dropped = drop.map(({ arrival }) => arrival);
    expect(start.filter((one) => dropped.includes(one))).toEqual([]);
    expect([...start, ...dropped].every(({ dueAt }) => dueAt <= NOW)).toBe(true);
    expect(replace.length === 0 || busy).toBe(true);
    for (const one of dropped.filter(({ sweep }) => sweep)) expect(waiting.some((later) => Number(later.id) > Number(one.id) && later.trigger === one.trigger && later.key === one.key && !one.each)).toBe(true);
    // Something of each key goes on, starts or waits: no key is left with nothing.
    for (const key of new Set(waiting.filter(({ dueAt }) => dueAt <= NOW).map((one) => one.key))) {
      expect(turns.includes(key) || waiting.some((one) => one.key === key && !dropped.includes(one))).toBe(true);
    }
  }));
});
