import { expect, test } from "vitest";
import { createAtOnce } from "./at-once.ts";

const STAYS = new AbortController().signal;

test("so many go on at once, the others in their order, and one that fails makes room too", async () => {
  const atOnce = createAtOnce(2, 8);
  const ends = new Map<number, PromiseWithResolvers<void>>();
  const begun: number[] = [];
  const works = [0, 1, 2, 3].map((one) => atOnce(() => {
    begun.push(one);
    const end = Promise.withResolvers<void>();
    ends.set(one, end);
    return end.promise;
  }, STAYS));
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
  expect(await atOnce(() => Promise.resolve("later"), STAYS)).toBe("later");
});

test("so many wait, and what comes then is told to come again; who is called off waits no longer", async () => {
  const atOnce = createAtOnce(1, 1);
  const [end, leaving] = [Promise.withResolvers<string>(), new AbortController()];
  const first = atOnce(() => end.promise, STAYS);
  const second = atOnce(() => Promise.resolve("never"), leaving.signal);
  await expect(atOnce(() => Promise.resolve(""), STAYS)).rejects.toMatchObject({ code: "LIMIT_CALLS", hint: expect.stringContaining("Try again") as string });
  leaving.abort(new Error("called off"));
  await expect(second).rejects.toThrow("called off");
  const third = atOnce(() => Promise.resolve("third"), STAYS);
  end.resolve("first");
  expect(await Promise.all([first, third])).toEqual(["first", "third"]);
});
