import { expect, test } from "vitest";
import { afterDeath, afterFailedStart, FRESH, waitBeforeStart } from "./restart.ts";

test("the first start waits for nothing", () => {
  expect(waitBeforeStart(FRESH, 0)).toEqual({ kind: "wait", ms: 0 });
});

test("a start that failed is refused with its error until its back-off is over, then tried again", () => {
  const error = new Error("no such command");
  const state = afterFailedStart(FRESH, error, 1_000);
  expect(waitBeforeStart(state, 1_249)).toEqual({ kind: "refuse", error });
  expect(waitBeforeStart(state, 1_250)).toEqual({ kind: "wait", ms: 0 });
});

test("a server that keeps dying is waited for longer and longer, up to half a minute", () => {
  let state = FRESH;
  const waits: number[] = [];
  for (let death = 0; death < 9; death++) {
    state = afterDeath(state, 5_000, 5_000, false);
    const decision = waitBeforeStart(state, 5_000);
    waits.push(decision.kind === "wait" ? decision.ms : -1);
  }
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test("a server that lived a minute begins anew", () => {
  const ailing = afterDeath(afterDeath(FRESH, 0, 0, false), 0, 0, false);
  expect(afterDeath(ailing, 0, 59_999, false).failures).toBe(3);
  expect(afterDeath(ailing, 0, 60_000, false).failures).toBe(1);
});

test("so does one that answered a call in its life, however short", () => {
  expect(afterDeath(afterDeath(FRESH, 0, 0, false), 0, 10, true)).toMatchObject({ failures: 1, notBefore: 260 });
});
