import { expect, test } from "vitest";
import { createPermits } from "./permits.ts";

test("a permit is for what it was made for, for whom, and of this process", () => {
  const permits = createPermits(new Uint8Array(32).fill(1));
  const permit = permits.make("plan", "ada");
  expect(permits.holds("plan", "ada", permit)).toBe(true);
  expect([permits.holds("other", "ada", permit), permits.holds("plan", "eve", permit), permits.holds("plan", "ada", `${permit}A`), permits.holds("plan", "ada", ""), createPermits(new Uint8Array(32).fill(2)).holds("plan", "ada", permit)]).toEqual([false, false, false, false, false]);
});
