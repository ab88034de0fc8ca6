import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const writesUnderUnknownsAreInThePlan: ConformanceCase = {
  id: "h-unknown-branches",
  rules: ["17.3", "17.6"],
  promise: "Behind conditions a plan cannot know, early returns and catch included, writes ⊆ plan",
  workflow: "branches.ts",
  async play(stage) {
    const plan = await stage.plan();
    expect(stage.world.count("merge") + stage.world.count("send")).toBe(0);
    const planned = new Map(plan.effects.map((effect) => [effect.label, effect.certainty]));
    expect(planned.get("once merge:1")).toBe("sure");
    if (!stage.plansPastUnknown) {
      const { status } = await stage.apply(plan);
      return void expect([planned.size, status, stage.world.merged, stage.world.messages]).toEqual([1, "pending", ["1"], []]);
    }
    for (const label of ["once say:merged", "once say:caught", "once say:end"]) expect(planned.get(label)).toBe("may");
    const run = await stage.apply(plan);
    expect(run.status).toBe("succeeded");
    expect(run.output).toBe("end");
    expect(stage.world.messages).toEqual(["merged", "caught", "end"]);
    for (const message of stage.world.messages) expect(planned.has(`once say:${message}`)).toBe(true);
  },
};
