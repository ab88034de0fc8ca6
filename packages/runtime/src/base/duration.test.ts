import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatDuration, parseDuration } from "./index.ts";

describe("durations", () => {
  test.each([["90s", 90_000], ["10m", 600_000], ["1h", 3_600_000], ["7d", 604_800_000], ["250ms", 250], ["0s", 0]])("%s is %d ms", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  test.each(["", "1", "s", "-1s", "1.5h", "1h30m", " 1s", "1s ", "1 s", "1S", "1w", "١s", "999999999999999d", "1e3s"])("%j is no duration", (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  test.each([[90_000, "90s"], [3_600_000, "1h"], [86_400_000, "1d"], [1_500, "1500ms"], [0, "0s"]])("%d ms is %s", (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test("what is formatted is parsed back", () => {
    fc.assert(fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }).filter((ms) => ms < 1e15), (ms) => { expect(parseDuration(formatDuration(ms))).toBe(ms); }));
  });
});
