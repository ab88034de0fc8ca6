import { expect, test } from "vitest";
import { nextPlannedTime, plannedTimes, type ScheduleNode } from "./planned-times.ts";

const BASE = { overlap: "queue", sweep: false } as const;
const every = (intervalMs: number): ScheduleNode => ({ ...BASE, kind: "every", intervalMs });
const cron = (expression: string, timezone = "Europe/Berlin"): ScheduleNode => ({ ...BASE, kind: "cron", expression, timezone });
const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
const between = (schedule: ScheduleNode, after: string, until: string, limit = 100): readonly (string | null)[] => plannedTimes(schedule, Date.parse(after), Date.parse(until), limit).map(iso);

test("an interval comes at the same times whenever it is asked, counted from the epoch", () => {
  expect(iso(nextPlannedTime(every(600_000), Date.parse("2026-11-02T09:03:12.345Z")))).toBe("2026-11-02T09:10:00.000Z");
  expect(iso(nextPlannedTime(every(600_000), Date.parse("2026-11-02T09:10:00.000Z")))).toBe("2026-11-02T09:20:00.000Z");
  expect(between(every(600_000), "2026-11-02T09:00:00Z", "2026-11-02T09:20:00Z")).toEqual(["2026-11-02T09:10:00.000Z", "2026-11-02T09:20:00.000Z"]);
});

test("a time that the clocks leave out comes at the end of the gap, and one that they repeat comes once", () => {
  expect(between(cron("30 2 * * *"), "2027-03-27T12:00:00Z", "2027-03-29T12:00:00Z")).toEqual(["2027-03-28T01:00:00.000Z", "2027-03-29T00:30:00.000Z"]);
  expect(between(cron("30 2 * * *"), "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z")).toEqual(["2026-10-25T00:30:00.000Z", "2026-10-26T01:30:00.000Z"]);
  expect(between(cron("30 * * * *"), "2026-10-24T23:45:00Z", "2026-10-25T02:45:00Z")).toEqual(["2026-10-25T00:30:00.000Z", "2026-10-25T01:30:00.000Z", "2026-10-25T02:30:00.000Z"]);
});

test("a zone without summer time, and days that most months or years have not", () => {
  expect(between(cron("0 9 * * 1-5", "Asia/Kolkata"), "2026-11-06T12:00:00Z", "2026-11-10T00:00:00Z")).toEqual(["2026-11-09T03:30:00.000Z"]);
  expect(iso(nextPlannedTime(cron("0 0 29 2 *", "UTC"), Date.parse("2026-11-02T00:00:00Z")))).toBe("2028-02-29T00:00:00.000Z");
  // A day of month beside a day of week: either is enough, as cron has it.
  expect(between(cron("0 0 13 * 5", "UTC"), "2026-12-10T00:00:00Z", "2026-12-18T12:00:00Z")).toEqual(["2026-12-11T00:00:00.000Z", "2026-12-13T00:00:00.000Z", "2026-12-18T00:00:00.000Z"]);
});

test("of many the last are given, oldest first, and the next one after them is the next", () => {
  for (const schedule of [every(60_000), cron("* * * * *")]) {
    expect(between(schedule, "2026-01-01T00:00:00Z", "2026-11-02T09:00:00Z", 2)).toEqual(["2026-11-02T08:59:00.000Z", "2026-11-02T09:00:00.000Z"]);
    expect(between(schedule, "2026-11-02T09:00:00Z", "2026-11-02T09:00:59.999Z")).toEqual([]);
    expect(iso(nextPlannedTime(schedule, Date.parse("2026-11-02T09:00:00Z")))).toBe("2026-11-02T09:01:00.000Z");
  }
});

test("walking from each time to the next meets what looking back over the year finds", () => {
  const schedule = cron("15 2,3 * * *");
  const [start, end] = [Date.parse("2026-10-20T00:00:00Z"), Date.parse("2027-04-05T00:00:00Z")];
  const walked: number[] = [];
  for (let time = nextPlannedTime(schedule, start); time !== null && time <= end; time = nextPlannedTime(schedule, time)) walked.push(time);
  expect(walked).toEqual(plannedTimes(schedule, start, end, 1_000));
});
