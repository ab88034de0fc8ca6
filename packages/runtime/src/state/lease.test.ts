import { describe, expect, test } from "vitest";
import { decideLease, type Lease, type LeaseDecision, type LeaseHolder } from "./index.ts";

const ME: LeaseHolder = { host: "a", boot: "b1", pid: 10, started: "100" };
const EXPIRES = 1_000;
const held = (holder: Partial<LeaseHolder>): Lease => ({ fence: 3, holder: { ...ME, pid: 20, started: "50", ...holder }, takenAt: 0, expiresAt: EXPIRES });

interface Case {
  readonly name: string;
  readonly lease: Lease | null;
  readonly before: readonly [alive: LeaseDecision, dead: LeaseDecision];
  readonly after: readonly [alive: LeaseDecision, dead: LeaseDecision];
}

/** Columns: before the lease's end and after it; while `alive` would say yes, and no. */
const CASES: readonly Case[] = [
  { name: "no lease", lease: null, before: ["take", "take"], after: ["take", "take"] },
  { name: "this process", lease: held(ME), before: ["mine", "mine"], after: ["mine", "mine"] },
  { name: "another process of this boot", lease: held({}), before: ["wait", "take"], after: ["take", "take"] },
  { name: "our pid, started at another time", lease: held({ pid: ME.pid }), before: ["take", "take"], after: ["take", "take"] },
  { name: "our pid, start unknown", lease: held({ pid: ME.pid, started: null }), before: ["take", "take"], after: ["take", "take"] },
  { name: "this machine before it was booted again", lease: held({ boot: "b0" }), before: ["take", "take"], after: ["take", "take"] },
  { name: "our pid and start, but before another boot", lease: held({ ...ME, boot: "b0" }), before: ["take", "take"], after: ["take", "take"] },
  { name: "another machine", lease: held({ host: "z" }), before: ["wait", "wait"], after: ["take", "take"] },
  { name: "another machine with our boot, pid and start", lease: held({ ...ME, host: "z" }), before: ["wait", "wait"], after: ["take", "take"] },
];

describe("decideLease", () => {
  test.each(CASES)("$name", ({ lease, before, after }) => {
    const decide = (now: number): LeaseDecision[] => [true, false].map((alive) => decideLease(lease, ME, now, () => alive));
    expect(decide(EXPIRES - 1)).toEqual(before);
    expect(decide(EXPIRES)).toEqual(after);
  });

  test("asks about life only where it can be known", () => {
    const asked: LeaseHolder[] = [];
    const ask = (holder: LeaseHolder): boolean => asked.push(holder) > 0;
    for (const { lease } of CASES) decideLease(lease, ME, 0, ask);
    expect(asked).toEqual([held({}).holder]);
  });
});
