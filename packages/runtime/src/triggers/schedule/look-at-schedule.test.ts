import { expect, test } from "vitest";
import { lookAtSchedule } from "./look-at-schedule.ts";
import type { ScheduleNode } from "./planned-times.ts";

const HOUR = 3_600_000;
const hourly = (missed?: "skip" | "once" | "all"): ScheduleNode => ({ kind: "every", intervalMs: HOUR, overlap: "queue", sweep: false, ...(missed === undefined ? {} : { missed }) });

test("a schedule that was never looked at has no past", () => {
  expect(lookAtSchedule(hourly("all"), null, 10 * HOUR + 5)).toEqual({ times: [], seenUntil: 10 * HOUR + 5, next: 11 * HOUR });
});

test("a time that came while it was looked at counts, whatever is said of missed ones; it counts once", () => {
  for (const missed of ["skip", "once", "all", undefined] as const) {
    const look = lookAtSchedule(hourly(missed), 10 * HOUR - 1, 10 * HOUR + 60_000);
    expect(look.times).toEqual([10 * HOUR]);
    expect(lookAtSchedule(hourly(missed), look.seenUntil, 10 * HOUR + 60_001).times).toEqual([]);
  }
});

test("of times that passed while nothing ran: none, the last one, or each", () => {
  const after = (missed?: "skip" | "once" | "all"): readonly number[] => lookAtSchedule(hourly(missed), 5 * HOUR, 8 * HOUR + 90_000).times;
  expect(after("skip")).toEqual([]);
  expect(after("once")).toEqual([8 * HOUR]);
  expect(after()).toEqual([8 * HOUR]);
  expect(after("all")).toEqual([6 * HOUR, 7 * HOUR, 8 * HOUR]);
});

test("with skip the time that is just now still counts", () => {
  expect(lookAtSchedule(hourly("skip"), 5 * HOUR, 8 * HOUR + 5_000).times).toEqual([8 * HOUR]);
});

test("when the clock is put back it goes on from there", () => {
  expect(lookAtSchedule(hourly(), 1_000 * HOUR, 8 * HOUR + 5)).toEqual({ times: [], seenUntil: 8 * HOUR + 5, next: 9 * HOUR });
});
