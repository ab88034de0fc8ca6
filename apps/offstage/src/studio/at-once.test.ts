import { expect, test } from "vitest";
import { createAtOnce } from "./at-once.ts";

test("so many go on at once, the others in their order, and one that fails makes room too", async () => {
  const atOnce = createAtOnce(2);
  const ends = new Map<number, PromiseWithResolvers<void>>();
  const begun: number[] = [];
  const works = [0, 1, 2, 3].map((one) => atOnce(() => {
    begun.push(one);
    const end = Promise.withResolvers<void>();
    ends.set(one, end);
    return end.promise;
  }));
  expect(begun).toEqual([0, 1]);
  ends.get(1)?.reject(new Error("no"));
  await expect(works[1]).rejects.toThrow("no");
  await Promise.resolve();
  expect(begun).toEqual([0, 1, 2]);
  ends.get(0)?.resolve();
  await works[0];
  await Promise.resolve();
  expect(begun).toEqual([0, 1, 2, 3]);
  for (const end of ends.values()) end.resolve();
  await Promise.all([works[2], works[3]]);
  expect(await atOnce(() => Promise.resolve("later"))).toBe("later");
});
