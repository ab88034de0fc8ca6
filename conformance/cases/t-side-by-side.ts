import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

const MAX_POINTS = 200;

export const branchesSideBySide: ConformanceCase = {
  id: "t-side-by-side",
  rules: ["9.6", "22.12"],
  promise: "Branches of `parallel` are planned and applied as one run, and killed at any point each of their writes is made at most once, or ambiguous and said",
  workflow: "side-by-side.ts",
  async play(stage) {
    const { world } = stage;
    world.items = [{ id: "a", title: "first" }];
    const plan = await stage.plan();
    expect(plan.effects.map(({ label, certainty }) => [label, certainty])).toEqual([["once merge:a", "sure"], ["once tell:a", "sure"]]);
    expect((await stage.apply(plan)).output).toEqual({ merged: 1, told: ["first"], count: 1 });
    for (let point = 1; point <= MAX_POINTS; point += 1) {
      const id = `item-${point}`;
      world.items = [{ id, title: id }];
      const end = await stage.runAndDie(point);
      const next = await stage.run();
      const [merged, told] = [world.merged.filter((one) => one === id), world.messages.filter((one) => one === id)];
      if (next.status === "succeeded") expect([merged, told]).toEqual([[id], [id]]);
      else expect([next.status, next.ambiguous.length > 0]).toEqual(["needs-attention", true]);
      expect([merged.length, told.length].every((times) => times <= 1)).toBe(true);
      if (end === "ended") {
        expect(point).toBeGreaterThan(10);
        return;
      }
    }
    expect.unreachable(`a run had more than ${MAX_POINTS} points`);
  },
};
