import { describe, expect, it } from "vitest";
import { createRandom } from "./random.ts";

const draw = (seed: string): readonly number[] => {
  const random = createRandom(seed);
  return Array.from({ length: 20 }, () => random.between(1, 1_000_000));
};

describe("createRandom", () => {
  it("repeats its choices for the same seed, and only for that", () => {
    expect(draw("7")).toEqual(draw("7"));
    expect(draw("7")).not.toEqual(draw("8"));
  });

  it("gives a fork the same choices whatever was drawn before", () => {
    const early = createRandom("7");
    const late = createRandom("7");
    late.fraction();
    expect(late.fork("round 3").fraction()).toBe(early.fork("round 3").fraction());
    expect(late.fork("round 3").fraction()).not.toBe(late.fork("round 4").fraction());
  });

  it("stays within bounds and reaches both", () => {
    const random = createRandom("bounds");
    const drawn = new Set(Array.from({ length: 200 }, () => random.between(2, 4)));
    expect([...drawn].toSorted((one, other) => one - other)).toEqual([2, 3, 4]);
    expect(random.chance(0)).toBe(false);
    expect(random.chance(1)).toBe(true);
  });

  it("picks by weight, never what weighs nothing", () => {
    const random = createRandom("weights");
    const picks = Array.from({ length: 1000 }, () => random.pick([[3, "often"], [1, "seldom"], [0, "never"]]));
    const often = picks.filter((pick) => pick === "often").length;
    expect(picks).not.toContain("never");
    expect(often).toBeGreaterThan(650);
    expect(often).toBeLessThan(850);
    expect(() => random.pick([])).toThrow("nothing to pick");
  });
});
