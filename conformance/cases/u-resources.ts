import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const resourcesAreRead: ConformanceCase = {
  id: "u-resources",
  rules: ["7.13", "17.5"],
  promise: "Resources and prompts are read while planning, an apply goes on with what the plan read, and a missing one can be caught",
  workflow: "resources.ts",
  async play(stage) {
    const { world } = stage;
    world.items = [{ id: "1", title: "one" }];
    const plan = await stage.plan();
    expect(plan.effects.map(({ label }) => label)).toEqual(["once tell:1"]);
    world.items = [{ id: "1", title: "changed" }];
    const run = await stage.apply(plan);
    expect(run.output).toEqual({ about: "About everything.", told: ["Greet one"] });
    expect(world.messages).toEqual(["Greet one"]);
    expect(world.calls.filter(({ tool }) => tool === "resource").map(({ args }) => args["uri"])).toEqual(["repo://about", "repo://items/1", "repo://items/none"]);
  },
};
