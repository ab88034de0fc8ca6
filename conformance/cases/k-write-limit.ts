import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const limitEndsTheRun: ConformanceCase = {
  id: "k-write-limit",
  rules: ["1.6"],
  promise: "A run ends before the write that is one too many, parallel items included; the next one goes on",
  workflow: "tickets.ts",
  async play(stage) {
    const { world } = stage;
    world.items = Array.from({ length: 53 }, (_, index) => ({ id: `i${index}`, title: `title ${index}` }));
    const first = await stage.run();
    expect(first.status).toBe("failed");
    expect(first.error?.code).toBe("LIMIT_WRITES");
    expect(world.count("create")).toBe(50);
    expect((await stage.run()).status).toBe("succeeded");
    expect(world.count("create")).toBe(53);
    expect(new Set([...world.tickets.values()].map((ticket) => ticket.label)).size).toBe(53);
  },
};
