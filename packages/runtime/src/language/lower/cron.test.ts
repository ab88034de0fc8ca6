import { Cron } from "croner";
import fc from "fast-check";
import { expect, test } from "vitest";
import { cronFault } from "./cron.ts";

test.each(["0 2 * * *", "*/5 * * * *", "0,30 9-17 * * 1-5", "0 0 1 jan *", "0 0 * * SUN", "0 0 * * 7", "1-59/2 * * * *", "0 0 29 2 *", "0 0 31 1,2 *", "0 0 30 2 mon", "*/59 * * * *"])("%s is a cron line", (line) => {
  expect(cronFault(line)).toBeNull();
});

test.each(["", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "5-1 * * * *", "*/0 * * * *", "1-2-3 * * * *", "a * * * *", "*/5/5 * * * *", "1,, * * * *", "* * * * fun", "1.5 * * * *", "0 0 30 2 *", "0 0 31 feb,4 *", "*/60 * * * *", "* */24 * * *", "5/10 * * * *", "0 1-5,7/2 * * *"])("%j is none", (line) => {
  expect(cronFault(line)).toMatch(/\S/);
});

const RANGES = [[0, 59], [0, 23], [1, 31], [1, 12], [0, 7]] as const;
const item = ([from, to]: readonly [number, number]): fc.Arbitrary<string> => {
  const value = fc.integer({ min: from, max: to });
  const range = fc.tuple(value, value).map((ends) => ends.toSorted((a, b) => a - b).join("-"));
  const step = fc.integer({ min: 1, max: to });
  return fc.oneof(fc.constant("*"), value.map(String), range, fc.tuple(fc.oneof(fc.constant("*"), range, value.map(String)), step).map((parts) => parts.join("/")));
};
const line = fc.tuple(...RANGES.map((range) => fc.array(item(range), { minLength: 1, maxLength: 3 }).map((items) => items.join(",")))).map((fields) => fields.join(" "));

test("each line that the checker takes is one that comes", () => {
  fc.assert(fc.property(line, (expression) => {
    if (cronFault(expression) !== null) return;
    expect(new Cron(expression, { timezone: "UTC" }).nextRun(new Date("2026-11-02T00:00:00Z"))).not.toBeNull();
  }), { numRuns: 300 });
});
