import { Cron } from "croner";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cronOfInterval, cronText, parseCron } from "./cron-line.ts";

const range = (from: number, to: number) => fc.tuple(fc.integer({ min: from, max: to }), fc.integer({ min: from, max: to })).map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`);
const field = (from: number, to: number) => fc.oneof(fc.constant("*"), fc.integer({ min: from, max: to }).map(String), range(from, to), fc.integer({ min: 1, max: Math.min(to, 40) }).map((step) => `*/${step}`), fc.tuple(range(from, to), fc.integer({ min: 1, max: 6 })).map(([items, step]) => `${items}/${step}`));

test("a line by numbers comes when the line does", () => {
  fc.assert(fc.property(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 7), (...fields) => {
    const line = fields.join(" ");
    const times = (text: string) => new Cron(text, { timezone: "UTC", paused: true }).nextRuns(20, new Date("2026-01-01T00:00:00Z")).map(Number);
    expect([line, times(cronText(parseCron(line)))]).toEqual([line, times(line)]);
  }), { numRuns: 100 });
});

test("names and the other Sunday become numbers that every cron knows", () => {
  expect(cronText(parseCron("0 2 * jan-mar MON-fri"))).toBe("0 2 * 1-3 1-5");
  expect(cronText(parseCron("*/10 */6 1 * 5-7"))).toBe("*/10 */6 1 * 0,5,6");
});

test("an interval has a line where it comes at the same times from 1970 on", () => {
  const minutes = (count: number) => cronOfInterval(count * 60_000);
  expect([1, 10, 7, 60, 90, 120, 300, 1440, 2880, 0.5].map(minutes)).toEqual(["* * * * *", "*/10 * * * *", null, "0 * * * *", null, "0 */2 * * *", null, "0 0 * * *", null, null]);
});
