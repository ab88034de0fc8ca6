import { expect, test } from "vitest";
import { createInterruption } from "./interruption.ts";

test("a signal that comes twice at once is one Ctrl-C; one that comes later is the second", () => {
  const done: string[] = [];
  let now = 5_000;
  const press = createInterruption({ now: () => now, first: () => done.push("tidy up"), second: () => done.push("leave") });
  press();
  now += 20;
  press();
  expect(done).toEqual(["tidy up"]);
  now += 1_000;
  press();
  expect(done).toEqual(["tidy up", "leave"]);
});
