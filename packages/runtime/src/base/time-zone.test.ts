import { expect, test } from "vitest";
import { isTimeZone } from "./time-zone.ts";

test("time zones are those of the machine's tables", () => {
  expect([isTimeZone("UTC"), isTimeZone("Europe/Berlin"), isTimeZone("Mars/Olympus"), isTimeZone(""), isTimeZone("+02:00")]).toEqual([true, true, false, false, false]);
});
