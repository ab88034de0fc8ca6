import { expect, test } from "vitest";
import { createAskingLimit, MOST_QUESTIONS } from "./asking-limit.ts";

const spent = (limit: ReturnType<typeof createAskingLimit>): number => {
  let count = 0;
  while (count < 1_000 && limit.spend()) count += 1;
  return count;
};

test("a server may ask so often for each request that waits, and begins anew with each answer", () => {
  const limit = createAskingLimit();
  expect(spent(limit)).toBe(MOST_QUESTIONS);
  limit.began();
  limit.began();
  limit.ended();
  expect(spent(limit)).toBe(MOST_QUESTIONS);
});

test("many requests at once may each be asked about", () => {
  const limit = createAskingLimit();
  for (let n = 0; n < 5; n++) limit.began();
  expect(spent(limit)).toBe(5 * MOST_QUESTIONS);
});
