import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const releasedIsReopened: ConformanceCase = {
  id: "o-release-reopen",
  rules: ["10.10", "10.11"],
  promise: "A released target is reopened when it is wanted again, each change once, and none is made a second time",
  workflow: "desk.ts",
  async play(stage) {
    const { world } = stage;
    for (const title of ["on", "over", "on", "over"]) {
      world.items = [{ id: "1", title }];
      expect((await stage.run()).status).toBe("succeeded");
      expect(world.tickets.get("T-1")?.status).toBe(title === "over" ? "done" : "open");
      await stage.advance(60_000);
      // Again, and nothing is left to do.
      expect((await stage.run()).status).toBe("succeeded");
    }
    expect([world.count("create"), world.count("close"), world.count("reopen")]).toEqual([1, 2, 1]);
  },
};
