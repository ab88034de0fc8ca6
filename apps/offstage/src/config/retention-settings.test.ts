import { expect, test } from "vitest";
import { parseSettings } from "./settings.ts";

const DAY = 86_400_000;
const read = (text: string): unknown => {
  const parsed = parseSettings(text, "/project");
  return parsed.ok ? parsed.settings.retention : parsed.diagnostics.map(({ message }) => message);
};

test("runs are kept for 90 days and events for 30, unless it is said otherwise", () => {
  expect(read("")).toEqual({ runsMs: 90 * DAY, eventsMs: 30 * DAY });
  expect(read("retention: { runs: 2d }")).toEqual({ runsMs: 2 * DAY, eventsMs: 30 * DAY });
  expect(read("retention: { runs: forever, events: 7d }")).toEqual({ runsMs: null, eventsMs: 7 * DAY });
});

test("nothing is kept so short that a delivery which is sent again would be a new one", () => {
  expect(read("retention: { events: 6d }")).not.toHaveProperty("eventsMs");
  expect(read("retention: { runs: 1d }")).not.toHaveProperty("runsMs");
});
