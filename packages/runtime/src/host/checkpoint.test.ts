import { describe, expect, test } from "vitest";
import { OffstageError } from "../base/index.ts";
import type { RunLimits } from "../program/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createCheckpoint } from "./checkpoint.ts";
import { stopsOf } from "./stops.ts";

function begin(limits: RunLimits = {}) {
  const clock = createFakeClock();
  const cancel = new AbortController();
  const lose = new AbortController();
  const check = createCheckpoint({ limits, clock, startedAt: clock.now(), stops: stopsOf({ cancelled: cancel.signal, lost: lose.signal }) });
  return { check, clock, cancel, lose };
}

describe("a checkpoint", () => {
  test("lets exactly limits.calls calls pass; other steps do not count", () => {
    const { check } = begin({ calls: 2 });
    check("call");
    check("other");
    check("call");
    check("other");
    expect(() => check("call")).toThrow(expect.objectContaining({ code: "LIMIT_CALLS", message: expect.stringContaining("2") as string }));
    expect(check.calls()).toBe(3);
  });

  test("ends a run that took longer than limits.duration, at any step, and not a millisecond before", async () => {
    const { check, clock } = begin({ durationMs: 60_000 });
    await clock.advance(60_000);
    check("call");
    await clock.advance(1);
    expect(() => check("other")).toThrow(expect.objectContaining({ code: "LIMIT_DURATION", message: expect.stringContaining("1m") as string }));
  });

  test("ends a cancelled run", () => {
    const { check, cancel } = begin();
    check("other");
    cancel.abort();
    expect(() => check("other")).toThrow(expect.objectContaining({ code: "CANCELLED" }));
  });

  test("says first that the store is lost: nothing else matters then, and why it is lost", () => {
    const { check, cancel, lose } = begin({ calls: 0 });
    const why = new OffstageError("LEASE_LOST", "Fence 7 is not 6.");
    cancel.abort();
    lose.abort(why);
    expect(() => check("call")).toThrow(expect.objectContaining({ code: "LEASE_LOST", cause: why }));
  });

  test("knows no limit where none is written", async () => {
    const { check, clock } = begin();
    await clock.advance(365 * 86_400_000);
    for (let call = 0; call < 1_000; call++) check("call");
    expect(check.calls()).toBe(1_000);
  });
});
