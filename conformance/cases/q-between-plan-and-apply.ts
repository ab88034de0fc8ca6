import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

export const applyIsThePlanOrHeld: ConformanceCase = {
  id: "q-between-plan-and-apply",
  rules: ["17.5"],
  promise: "What changed between plan and apply is not written: the plan as it was shown, or held as not in plan",
  workflow: "tickets.ts",
  async play(stage) {
    const { world } = stage;
    world.items = [{ id: "1", title: "one" }, { id: "2", title: "two" }, { id: "3", title: "three" }];
    await stage.run();
    await stage.advance(60_000);
    world.items = [{ id: "1", title: "ONE" }, { id: "2", title: "TWO" }, { id: "4", title: "four" }];
    const plan = await stage.plan();
    expect(plan.effects.map((effect) => `${effect.sign} ${effect.label}`)).toEqual(["~ ticket 1", "~ ticket 2", "+ ticket 4"]);
    // A pull request is retitled, another appears, a person corrects one ticket and makes another by hand.
    world.items = [{ id: "1", title: "Uno" }, { id: "2", title: "TWO" }, { id: "4", title: "four" }, { id: "5", title: "five" }];
    world.tickets.set("T-2", { key: "T-2", label: "2", summary: "TWO", status: "open", indexedAt: 0 });
    world.tickets.set("X-4", { key: "X-4", label: "4", summary: "four", status: "open", indexedAt: 0 });
    const applied = await stage.apply(plan);
    expect(applied.status).toBe("pending");
    expect(applied.held.map((hold) => hold.label)).toEqual(["ticket 4"]);
    expect(applied.held[0]?.why).toContain("not in plan");
    expect(world.calls.filter((call) => call.tool === "update").map((call) => call.args)).toEqual([{ key: "T-1", summary: "ONE" }]);
    expect(world.count("create")).toBe(3);
    await stage.advance(60_000);
    await stage.run();
    expect(world.tickets.get("T-1")?.summary).toBe("Uno");
    expect([...world.tickets.values()].filter((ticket) => ticket.label === "5")).toHaveLength(1);
  },
};
