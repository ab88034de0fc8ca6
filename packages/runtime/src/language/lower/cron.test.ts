import { expect, test } from "vitest";
import { cronFault, isTimeZone } from "./cron.ts";

test.each(["0 2 * * *", "*/5 * * * *", "0,30 9-17 * * 1-5", "0 0 1 jan *", "0 0 * * SUN", "0 0 * * 7", "1-59/2 * * * *"])("%s is a cron line", (line) => {
  expect(cronFault(line)).toBeNull();
});

test.each(["", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "5-1 * * * *", "*/0 * * * *", "1-2-3 * * * *", "a * * * *", "*/5/5 * * * *", "1,, * * * *", "* * * * fun", "1.5 * * * *"])("%j is none", (line) => {
  expect(cronFault(line)).toMatch(/\S/);
});

test("time zones are those of the machine's tables", () => {
  expect([isTimeZone("UTC"), isTimeZone("Europe/Berlin"), isTimeZone("Mars/Olympus"), isTimeZone("")]).toEqual([true, true, false, false]);
});
