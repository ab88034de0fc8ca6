import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const manyUpdatesNeedAPerson: ConformanceCase = {
  id: "s-mass-change",
  rules: ["10.15"],
  promise: "Updates beyond the guard wait for a person; an approved plan has them all",
  workflow: "tickets.ts",
  async play(stage) {
    const { world } = stage;
    const titled = (prefix: string) => Array.from({ length: 8 }, (_, index) => ({ id: `i${index}`, title: `${prefix} ${index}` }));
    world.items = titled("a");
    await stage.run();
    await stage.advance(60_000);
    world.items = titled("b");
    const guarded = await stage.run();
    expect(guarded.status).toBe("pending");
    expect(guarded.held).toHaveLength(3);
    expect(world.count("update")).toBe(5);
    expect((await stage.approveAll())?.status).toBe("succeeded");
    expect(world.count("update")).toBe(8);
    await stage.advance(60_000);
    world.items = titled("c");
    expect((await stage.apply(await stage.plan())).status).toBe("succeeded");
    expect(world.count("update")).toBe(16);
  },
};
