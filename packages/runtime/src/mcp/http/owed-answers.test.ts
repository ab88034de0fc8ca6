import { expect, test } from "vitest";
import { createOwedAnswers } from "./owed-answers.ts";

test("what was given up is known as that once, and then forgotten", () => {
  const owed = createOwedAnswers(3);
  owed.seen("e-1", 7);
  owed.giveUp(7);
  expect([owed.of("e-1")?.isGivenUp, owed.of("e-1")]).toEqual([true, null]);
});

test("what was answered is owed no more, given up or not", () => {
  const owed = createOwedAnswers(3);
  for (const asked of [7, 8]) owed.seen(`e-${asked}`, asked);
  owed.giveUp(8);
  owed.settled(7);
  owed.settled(8);
  expect([owed.of("e-7"), owed.of("e-8")]).toEqual([null, null]);
});

test("a request that owes nothing cannot be given up", () => {
  const owed = createOwedAnswers(3);
  owed.giveUp(7);
  owed.seen("e-1", 7);
  expect(owed.of("e-1")).toMatchObject({ asked: 7, isGivenUp: false });
});

test("an id that a server gave to two streams is nobody's: neither is told what became of the other", () => {
  const owed = createOwedAnswers(3);
  owed.seen("1", 7);
  owed.seen("1", 8);
  expect(owed.of("1")).toBeNull();
  owed.giveUp(7);
  expect(owed.of("1")).toBeNull();
});

test("it remembers no more of them than there can sensibly be", () => {
  const owed = createOwedAnswers(3);
  for (let asked = 0; asked < 1_000; asked++) {
    owed.seen(`e-${asked}`, asked);
    owed.giveUp(asked);
  }
  expect(owed.of("e-0")).toBeNull();
  expect(owed.of("e-999")?.isGivenUp).toBe(true);
  expect(Array.from({ length: 1_000 }, (_, asked) => owed.of(`e-${asked}`)).filter((one) => one !== null)).toHaveLength(255);
});
