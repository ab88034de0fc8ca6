import { expect, test } from "vitest";
import { elapsed, holdLine } from "./run-text.ts";

test("what took how long is told as exactly as people want it", () => {
  expect([0, 999, 1000, 7721, 59_949, 59_950, 60_000, 125_400, 3_599_400, 3_600_000, 90_061_000].map(elapsed)).toEqual(["0ms", "999ms", "1.0s", "7.7s", "59.9s", "1m 00s", "1m 00s", "2m 05s", "59m 59s", "1h 00m", "25h 01m"]);
});

test("a hold names its effect first, and what it is about once", () => {
  const hold = { effect: "7f1692cd8043aaaa", step: "s", label: "ticket PR_7" };
  expect(holdLine({ ...hold, why: "awaits approval: adoption" })).toBe("7f1692cd8043  ticket PR_7: awaits approval: adoption");
  expect(holdLine({ ...hold, why: "ticket PR_7: nobody knows" })).toBe("7f1692cd8043  ticket PR_7: nobody knows");
});
