import fc from "fast-check";
import { expect, test } from "vitest";
import { createRateGate } from "./rate.ts";

test("so many pass at once, and then one for each part of the time; who has to wait is told how long, and passes then", () => {
  const gate = createRateGate({ count: 3, perMs: 60_000 });
  expect([0, 0, 0, 0].map((now) => gate.wait(now))).toEqual([0, 0, 0, 20_000]);
  expect([gate.wait(19_999), gate.wait(20_000), gate.wait(20_000)]).toEqual([1, 0, 20_000]);
  expect([1, 2, 3, 4].map(() => gate.wait(1_000_000)).filter((wait) => wait === 0)).toHaveLength(3);
});

test("a clock that is put back gives nothing and takes nothing", () => {
  const gate = createRateGate({ count: 1, perMs: 1_000 });
  expect([gate.wait(5_000), gate.wait(0), gate.wait(999), gate.wait(1_000)]).toEqual([0, 1_000, 1, 0]);
});

test("whatever comes when, no stretch of time lets more pass than twice its count", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 200 }), (count, pauses) => {
    const gate = createRateGate({ count, perMs: 1_000 });
    let now = 0;
    const passed = pauses.flatMap((pause) => ((now += pause), gate.wait(now) === 0 ? [now] : []));
    for (const start of passed) expect(passed.filter((at) => at >= start && at < start + 1_000).length).toBeLessThanOrEqual(2 * count);
  }));
});
