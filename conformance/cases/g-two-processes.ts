import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const twoProcessesOneIdentity: ConformanceCase = {
  id: "g-two-processes",
  rules: ["8.2"],
  promise: "Two processes that want the same ticket at once make it once, and both tell its key",
  workflow: "tickets.ts",
  async play(stage) {
    stage.world.items = [{ id: "1", title: "one" }, { id: "2", title: "two" }];
    const other = await stage.second();
    const runs = await Promise.all([stage.run(), other.run()]);
    expect(runs.map((run) => run.status)).toEqual(["succeeded", "succeeded"]);
    expect(runs[0].output).toEqual(runs[1].output);
    expect(stage.world.count("create")).toBe(2);
  },
};
