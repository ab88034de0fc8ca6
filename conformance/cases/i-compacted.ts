import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const resumedAfterCompactionSameResult: ConformanceCase = {
  id: "i-compacted",
  rules: ["7.14", "16.5"],
  promise: "A run that goes on after some items were compacted ends with the same result and repeats no write",
  workflow: "tickets.ts",
  async play(stage) {
    stage.world.items = Array.from({ length: 6 }, (_, index) => ({ id: `i${index}`, title: `title ${index}` }));
    expect(await stage.runAndDie(60)).toBe("died");
    const made = stage.world.tickets.size;
    expect(made).toBeGreaterThan(0);
    expect(made).toBeLessThan(6);
    await stage.run();
    await stage.advance(10 * 60_000);
    const run = await stage.run();
    expect(run.status).toBe("succeeded");
    expect((run.output as readonly string[]).map((key) => stage.world.tickets.get(key)?.label)).toEqual(["i0", "i1", "i2", "i3", "i4", "i5"]);
    expect(stage.world.count("create")).toBe(6);
  },
};
