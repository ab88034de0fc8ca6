import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const nothingFollowsAHeldWrite: ConformanceCase = {
  id: "b-after-held",
  rules: ["17.2", "17.8", "20.4"],
  promise: "A message after a held merge is not sent until the merge was",
  workflow: "merge-and-tell.ts",
  approve: ["repo.merge"],
  async play(stage) {
    const run = await stage.run();
    expect(run.status).toBe("pending");
    expect(run.held.map((hold) => hold.label)).toEqual(stage.followsUnknown ? ["once merge:1", "once tell:1"] : ["once merge:1"]);
    expect(stage.world.count("merge") + stage.world.count("send")).toBe(0);
    expect((await stage.approveAll())?.status).toBe("succeeded");
    expect(stage.world.calls.filter((call) => call.tool !== "list_items").map((call) => call.tool)).toEqual(["merge", "send"]);
    expect(stage.world.messages).toEqual(["merged: yes"]);
  },
};
