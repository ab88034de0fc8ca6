import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

const MAX_POINTS = 200;

export const calledWorkflowKeepsItsIdentities: ConformanceCase = {
  id: "v-called",
  rules: ["13.1", "13.2", "13.3"],
  promise: "A called workflow's writes and states are those of its own runs: made once whoever runs it, planned with the caller's, killed anywhere",
  workflow: "tell-twice.ts",
  async play(stage) {
    const { world } = stage;
    const tell = await stage.second("tell.ts");
    world.items = [{ id: "1", title: "one" }, { id: "own", title: "an item that is called own" }];
    expect((await tell.run()).output).toEqual({ told: 2, before: 0 });
    world.items = [...world.items, { id: "2", title: "two" }];
    const plan = await stage.plan();
    expect(plan.effects.map(({ label, identity }) => [label, identity.kind === "once" && identity.scope])).toEqual([["once tell:2", "tell"], ["once tell:own", "tell-twice"]]);
    const run = await stage.apply(plan);
    expect(run.output).toEqual({ first: { told: 3, before: 1 }, again: { told: 3, before: 2 } });
    expect(world.messages).toEqual(["one", "an item that is called own", "first two", "own"]);
    expect((await tell.run()).output).toEqual({ told: 3, before: 3 });
    for (let point = 1; point <= MAX_POINTS; point += 1) {
      const id = `item-${point}`;
      world.items = [{ id, title: id }];
      const end = await stage.runAndDie(point);
      const next = await stage.run();
      const told = world.messages.filter((message) => message.endsWith(id));
      expect(told.length).toBeLessThanOrEqual(1);
      expect([next.status === "succeeded" ? told.length : 1, next.status === "succeeded" || next.ambiguous.length > 0]).toEqual([1, true]);
      if (end === "ended") {
        expect(point).toBeGreaterThan(8);
        return;
      }
    }
    expect.unreachable(`a run had more than ${MAX_POINTS} points`);
  },
};
