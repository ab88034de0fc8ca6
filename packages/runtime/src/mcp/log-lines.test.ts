import { expect, test } from "vitest";
import { createFakeClock } from "../testing/fake-clock.ts";
import { limitLines, MOST_LINES } from "./log-lines.ts";

test("a flood is cut, and the next minute tells of how many", async () => {
  const clock = createFakeClock();
  const lines: string[] = [];
  const log = limitLines(clock, (line) => lines.push(line));
  for (let n = 0; n < MOST_LINES + 7; n++) log("x".repeat(10_000));
  expect(lines).toHaveLength(MOST_LINES);
  expect(lines[0]?.length).toBeLessThan(2_100);
  await clock.advance(60_000);
  log("again");
  expect(lines.slice(MOST_LINES)).toEqual(["(7 more lines were left out)", "again"]);
});
