import { expect, test } from "vitest";
import type { CallClass } from "../model/index.ts";
import { provesAbsence, provesAfterMs } from "./index.ts";

const readClass = (consistent: boolean, lagMs: number | null): CallClass => ({ effect: "read", idempotent: true, consistent, lagMs, affects: [], undo: null });

test("reads prove together what the slowest of them proves", () => {
  expect(provesAfterMs([readClass(true, null)])).toBe(0);
  expect(provesAfterMs([readClass(true, 99)])).toBe(0);
  expect(provesAfterMs([readClass(false, 40), readClass(true, null), readClass(false, 70)])).toBe(70);
  expect(provesAfterMs([readClass(true, null), readClass(false, null)])).toBeNull();
  expect(provesAfterMs([])).toBeNull();
});

test("not finding proves nothing before the deadline and the lag after it are over", () => {
  const at = (askedAt: number, after: number | null): boolean => provesAbsence({ deadlineAt: 100 }, { kind: "absent", askedAt, provesAfterMs: after });
  expect([at(100, 0), at(101, 0), at(140, 40), at(141, 40), at(999, null)]).toEqual([false, true, false, true, false]);
});
