import { expect, test } from "vitest";
import { createFakeClock } from "../testing/fake-clock.ts";
import { keep, LEAST_KEPT_MS } from "./lasting.ts";

function counted(ttlMs: number | null, longestMs?: number) {
  const clock = createFakeClock();
  let loads = 0;
  return { clock, kept: keep(clock, () => Promise.resolve({ value: (loads += 1), ttlMs }), longestMs) };
}

test("what its server sets no time for is kept until it is forgotten", async () => {
  const { clock, kept } = counted(null);
  expect([await kept.get(), await kept.get()]).toEqual([1, 1]);
  await clock.advance(1e9);
  expect(await kept.get()).toBe(1);
  kept.forget();
  expect(await kept.get()).toBe(2);
});

test.each([[0, LEAST_KEPT_MS], [3_600_000, 3_600_000]])("a time of %i ms is kept to, from a minute on", async (ttlMs, holds) => {
  const { clock, kept } = counted(ttlMs);
  expect(await kept.get()).toBe(1);
  await clock.advance(holds - 1);
  expect(await kept.get()).toBe(1);
  await clock.advance(1);
  expect(await kept.get()).toBe(2);
});

test.each([null, 0, 3_600_000])("no server (%j ms) has it kept for longer than the longest time", async (ttlMs) => {
  const { clock, kept } = counted(ttlMs, 60_000);
  expect(await kept.get()).toBe(1);
  await clock.advance(59_999);
  expect(await kept.get()).toBe(1);
  await clock.advance(1);
  expect(await kept.get()).toBe(2);
});

test("who wants it newer has it read anew, and everybody then has the newer one; what is being read is new enough for all", async () => {
  const { clock, kept } = counted(null);
  expect(await kept.get(5_000)).toBe(1);
  await clock.advance(4_999);
  expect(await kept.get(5_000)).toBe(1);
  await clock.advance(1);
  expect(await Promise.all([kept.get(5_000), kept.get(5_000), kept.get()])).toEqual([2, 2, 2]);
});

test("a clock that is put back does not have it kept until it is there again", async () => {
  let now = 1_000_000;
  let loads = 0;
  const kept = keep({ now: () => now, sleep: () => Promise.resolve() }, () => Promise.resolve({ value: (loads += 1), ttlMs: null }), 60_000);
  expect(await kept.get()).toBe(1);
  now = 1;
  expect(await kept.get()).toBe(2);
});

test("what is forgotten while it is read is read anew, for whoever waits for it too; and what failed by the next", async () => {
  let loads = 0;
  const kept = keep(createFakeClock(), () => ((loads += 1) === 1 ? Promise.reject(new Error("no")) : Promise.resolve({ value: loads, ttlMs: null })));
  await expect(kept.get()).rejects.toThrow("no");
  const [second, third] = [kept.get(), kept.get()];
  kept.forget();
  expect([await second, await third, await kept.get()]).toEqual([3, 3, 3]);
});

test("an older reading that comes after a newer one is nobody's", async () => {
  const readings = [Promise.withResolvers<string>(), Promise.withResolvers<string>()] as const;
  let loads = 0;
  const kept = keep(createFakeClock(), async () => ({ value: (await readings[loads++]?.promise) ?? "none", ttlMs: null }));
  const before = kept.get();
  kept.forget();
  const after = kept.get();
  readings[1].resolve("new");
  expect(await after).toBe("new");
  readings[0].resolve("old");
  expect(await before).toBe("new");
});

test("what its server says for ever to have changed is read three times, and no more", async () => {
  let loads = 0;
  const kept = keep(createFakeClock(), () => {
    queueMicrotask(() => kept.forget());
    return Promise.resolve({ value: (loads += 1), ttlMs: null });
  });
  expect(await kept.get()).toBe(3);
});
