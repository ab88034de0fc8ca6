import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const thereAndBackIsThreeUpdates: ConformanceCase = {
  id: "d-there-and-back",
  rules: ["8.6", "10.4"],
  promise: "A title that goes A → B → A is updated each time",
  workflow: "tickets.ts",
  async play(stage) {
    for (const title of ["A", "B", "A", "B"]) {
      stage.world.items = [{ id: "1", title }];
      expect((await stage.run()).status).toBe("succeeded");
      expect(stage.world.tickets.get("T-1")?.summary).toBe(title);
      await stage.advance(60_000);
    }
    expect(stage.world.count("create")).toBe(1);
    expect(stage.world.count("update")).toBe(3);
    await stage.run();
    expect(stage.world.count("update")).toBe(3);
  },
};
