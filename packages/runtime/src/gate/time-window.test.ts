import fc from "fast-check";
import { expect, test } from "vitest";
import type { TimeWindow } from "../model/index.ts";
import { isWithin, nextChange } from "./time-window.ts";

const OFFICE: TimeWindow = { days: [1, 2, 3, 4, 5], from: 540, to: 1_020, timezone: "Europe/Berlin" };
const NIGHT: TimeWindow = { days: [5], from: 1_320, to: 360, timezone: "Europe/Berlin" };
const at = (text: string): number => Date.parse(text);
const change = (window: TimeWindow, text: string): string => new Date(nextChange(window, at(text)) ?? Number.NaN).toISOString();

test("a window has its beginning, and not its end, by the clocks of its time zone in summer and in winter", () => {
  expect(["06:59:59", "07:00:00", "14:59:59", "15:00:00"].map((time) => isWithin(OFFICE, at(`2026-07-01T${time}Z`)))).toEqual([false, true, true, false]);
  expect(["07:59:59", "08:00:00", "15:59:59", "16:00:00"].map((time) => isWithin(OFFICE, at(`2026-11-26T${time}Z`)))).toEqual([false, true, true, false]);
  expect(isWithin(OFFICE, at("2026-11-28T12:00:00Z"))).toBe(false);
});

test("a night is of the day on which it begins", () => {
  expect(["2026-11-27T20:59:00Z", "2026-11-27T21:00:00Z", "2026-11-28T04:59:00Z", "2026-11-28T05:00:00Z", "2026-11-28T21:30:00Z"].map((text) => isWithin(NIGHT, at(text)))).toEqual([false, true, true, false, false]);
});

test("it changes next when it begins, or ends, also over a week end and where clocks are changed", () => {
  expect(change(OFFICE, "2026-11-27T16:30:00Z")).toBe("2026-11-30T08:00:00.000Z");
  expect(change(OFFICE, "2026-11-27T08:00:30Z")).toBe("2026-11-27T16:00:00.000Z");
  // Clocks go back on Sunday, the 25th of October, and forward on the 29th of March.
  expect(change(OFFICE, "2026-10-23T15:30:00Z")).toBe("2026-10-26T08:00:00.000Z");
  expect(change(OFFICE, "2026-03-27T16:30:00Z")).toBe("2026-03-30T07:00:00.000Z");
  // 02:30 does not come on that day, and comes twice on the other.
  const early: TimeWindow = { days: [0], from: 150, to: 240, timezone: "Europe/Berlin" };
  expect(change(early, "2026-03-29T00:10:00Z")).toBe("2026-03-29T01:00:00.000Z");
  expect(change(early, "2026-10-25T00:10:00Z")).toBe("2026-10-25T00:30:00.000Z");
  expect(change(early, "2026-10-25T00:40:00Z")).toBe("2026-10-25T01:00:00.000Z");
  expect(nextChange({ days: [0, 1, 2, 3, 4, 5, 6], from: 0, to: 1_440, timezone: "UTC" }, 5)).toBeNull();
});

test("no minute before the next change is another than now", () => {
  const minute = fc.integer({ min: 0, max: 1_440 });
  const windows = fc.record({ days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }), from: fc.integer({ min: 0, max: 1_439 }), to: minute, timezone: fc.constantFrom("Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "UTC") });
  fc.assert(
    fc.property(windows, fc.integer({ min: at("2026-01-01T00:00:00Z"), max: at("2027-01-01T00:00:00Z") }), (window, now) => {
      const next = nextChange(window, now);
      if (next === null) return;
      expect(isWithin(window, next)).toBe(!isWithin(window, now));
      const before = [1, 2, 3, 4, 5].map((back) => next - back * 60_000).filter((minute) => minute > now);
      expect(before.filter((minute) => isWithin(window, minute) !== isWithin(window, now))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
