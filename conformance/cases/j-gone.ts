import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const goneNeedsTwoWitnesses: ConformanceCase = {
  id: "j-gone",
  rules: ["10.6", "16.3", "19.8", "19.10"],
  promise: "A read that says gone while find lags recreates nothing; a changed target refuses",
  workflow: "tickets.ts",
  async play(stage) {
    const { world } = stage;
    world.items = [{ id: "1", title: "one" }];
    await stage.run();
    await stage.advance(60_000);
    world.tickets.delete("T-1");
    const first = await stage.run();
    expect(first.status).not.toBe("succeeded");
    expect(world.count("create")).toBe(1);
    await stage.advance(60_000);
    // Now both witnesses agree; making it anew is a new generation, which a person permits.
    expect((await stage.run()).status).toBe("pending");
    expect(world.count("create")).toBe(1);
    expect((await stage.approveAll())?.status).toBe("succeeded");
    expect(world.count("create")).toBe(2);
    stage.retarget("tracker");
    world.items = [{ id: "1", title: "changed" }];
    const refused = await stage.run();
    expect(refused.status === "failed" || refused.status === "partial").toBe(true);
    expect(JSON.stringify([refused.error, refused.failures])).toContain("TARGET_CHANGED");
    expect(world.count("update") + world.count("create")).toBe(2);
  },
};
