import { expect, test } from "vitest";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createFloodGate } from "./log-flood.ts";
import { MOST_LINES } from "./log-lines.ts";

const noise = { jsonrpc: "2.0", method: "notifications/message", params: { level: "info", data: "noise" } } as const;
const progress = { jsonrpc: "2.0", method: "notifications/progress", params: { progressToken: 1, progress: 1 } } as const;
const answer = { jsonrpc: "2.0", id: 1, result: { method: "notifications/message" } } as const;

test("of a flood of log messages as many go on as the log takes in a minute; answers and other notifications always do", async () => {
  const clock = createFakeClock();
  const passes = createFloodGate(clock);
  const passed = (): number => Array.from({ length: 5_000 }, () => passes(noise)).filter(Boolean).length;
  expect(passed()).toBe(MOST_LINES + 1);
  expect([passes(noise), passes(progress), passes(answer)]).toEqual([false, true, true]);
  await clock.advance(60_000);
  expect(passed()).toBe(MOST_LINES + 1);
});
