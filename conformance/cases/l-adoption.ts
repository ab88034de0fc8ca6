import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const foundTargetIsAdoptedWithLeave: ConformanceCase = {
  id: "l-adoption",
  rules: ["10.3"],
  promise: "A target that is there already is adopted when a person permits it, never made a second time, then kept like any other",
  workflow: "tickets.ts",
  async play(stage) {
    const { world } = stage;
    world.items = [{ id: "1", title: "wanted" }, { id: "2", title: "new" }];
    world.tickets.set("X-7", { key: "X-7", label: "1", summary: "by hand", status: "open", indexedAt: 0 });
    const first = await stage.run();
    expect(first.status).toBe("pending");
    expect(first.held.map((hold) => hold.label)).toEqual(["ticket 1"]);
    expect(world.count("create")).toBe(1);
    expect(world.tickets.get("X-7")?.summary).toBe("by hand");
    const granted = await stage.approveAll();
    expect(granted?.status).toBe("succeeded");
    expect((granted?.output as readonly string[])[0]).toBe("X-7");
    // It is ours now: what differs is corrected.
    expect(world.tickets.get("X-7")?.summary).toBe("wanted");
    await stage.advance(60_000);
    expect((await stage.run()).status).toBe("succeeded");
    expect(world.count("create")).toBe(1);
    expect(world.count("update")).toBe(1);
  },
};
