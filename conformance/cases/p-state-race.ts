import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const lostRaceOfAState: ConformanceCase = {
  id: "p-state-race",
  rules: ["11.3"],
  promise: "A plan that read a cursor which another run moved since repeats no write and does not move the cursor back",
  workflow: "cursor.ts",
  async play(stage) {
    const { world } = stage;
    world.items = [{ id: "1", title: "one" }];
    const plan = await stage.plan();
    world.items.push({ id: "2", title: "two" });
    expect((await stage.run()).status).toBe("succeeded");
    const late = await stage.apply(plan);
    expect(late.status).toBe("failed");
    expect(late.error?.code).toBe("STATE_CONFLICT");
    expect(world.messages).toEqual(["one", "two"]);
    expect((await stage.run()).output).toBe(0);
  },
};
