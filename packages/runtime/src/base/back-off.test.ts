import { expect, test } from "vitest";
import { backOffMs } from "./back-off.ts";

test("a wait doubles with each failure, up to the longest, however many there were", () => {
  expect([0, 1, 2, 3, 4, 5_000].map((failures) => backOffMs(failures, { firstMs: 250, longestMs: 1_500 }))).toEqual([250, 250, 500, 1_000, 1_500, 1_500]);
});
