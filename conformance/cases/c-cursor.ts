import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const pendingItemKeepsTheCursor: ConformanceCase = {
  id: "c-cursor",
  rules: ["11.2"],
  promise: "A cursor does not move past an item whose write is pending",
  workflow: "cursor.ts",
  approve: ["chat.send"],
  async play(stage) {
    stage.world.items = [{ id: "1", title: "one" }];
    expect((await stage.run()).status).toBe("pending");
    stage.world.items.push({ id: "2", title: "two" });
    const again = await stage.run();
    expect(again.status).toBe("pending");
    expect(again.output).toBe(2);
    let run = await stage.approveAll();
    while (run?.status === "pending") run = await stage.approveAll();
    expect(run?.status).toBe("succeeded");
    expect([...stage.world.messages].sort()).toEqual(["one", "two"]);
    expect((await stage.run()).output).toBe(0);
  },
};
