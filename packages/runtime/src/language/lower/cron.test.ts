import { expect, test } from "vitest";
import { cronFault } from "./cron.ts";

test.each(["0 2 * * *", "*/5 * * * *", "0,30 9-17 * * 1-5", "0 0 1 jan *", "0 0 * * SUN", "0 0 * * 7", "1-59/2 * * * *", "0 0 29 2 *", "0 0 31 1,2 *", "0 0 30 2 mon", "*/59 * * * *"])("%s is a cron line", (line) => {
  expect(cronFault(line)).toBeNull();
});

test.each(["", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "5-1 * * * *", "*/0 * * * *", "1-2-3 * * * *", "a * * * *", "*/5/5 * * * *", "1,, * * * *", "* * * * fun", "1.5 * * * *", "0 0 30 2 *", "0 0 31 feb,4 *", "*/60 * * * *", "* */24 * * *", "5/10 * * * *", "0 1-5,7/2 * * *"])("%j is none", (line) => {
  expect(cronFault(line)).toMatch(/\S/);
});
