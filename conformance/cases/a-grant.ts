import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const grantPerformsOnlyWhatWasHeld: ConformanceCase = {
  id: "a-grant",
  rules: ["8.2", "17.8"],
  promise: "When A was performed and B held, granting B performs B, and A stays done once",
  workflow: "grant.ts",
  approve: ["repo.merge"],
  async play(stage) {
    stage.world.items = [{ id: "1", title: "hello" }, { id: "2", title: "merge me" }];
    expect((await stage.run()).status).toBe("pending");
    expect(stage.world.messages).toEqual(["hello"]);
    expect(stage.world.merged).toEqual([]);
    expect((await stage.approveAll())?.status).toBe("succeeded");
    expect(stage.world.messages).toEqual(["hello"]);
    expect(stage.world.merged).toEqual(["2"]);
    expect(await stage.approveAll()).toBeNull();
    expect((await stage.run()).status).toBe("succeeded");
    expect(stage.world.merged).toEqual(["2"]);
  },
};
