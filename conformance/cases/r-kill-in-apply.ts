import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

const MAX_POINTS = 200;

export const killedApplyGoesOn: ConformanceCase = {
  id: "r-kill-in-apply",
  rules: ["16.5", "17.5"],
  promise: "An apply that is killed at any point is continued by giving it again: the plan's writes, each once, and no other",
  workflow: "tickets.ts",
  async play(stage) {
    const { world } = stage;
    for (let point = 1; point <= MAX_POINTS; point += 1) {
      const id = `item-${point}`;
      world.items = [{ id, title: "planned" }];
      const plan = await stage.plan();
      expect(plan.effects).toHaveLength(1);
      const end = await stage.applyAndDie(plan, point);
      world.items = [{ id, title: "retitled" }, { id: `other-${point}`, title: "not planned" }];
      if (end === "died") {
        const applied = await stage.apply(plan).catch((error: unknown) => error);
        // It had ended already, or it goes on now.
        const status = "status" in (applied as object) ? (applied as { readonly status: string }).status : (applied as { readonly code: string }).code;
        expect(["succeeded", "needs-attention", "PLAN_APPLIED"]).toContain(status);
      }
      const made = [...world.tickets.values()];
      expect(made.filter((ticket) => ticket.label === id).length).toBeLessThanOrEqual(1);
      expect(made.filter((ticket) => ticket.label === id).map((ticket) => ticket.summary).every((summary) => summary === "planned")).toBe(true);
      expect(made.some((ticket) => ticket.label === `other-${point}`)).toBe(false);
      // The call's deadline and the index's lag pass: what could not be known is found, or made by the next run.
      await stage.advance(10 * 60_000);
      world.items = [{ id, title: "planned" }];
      expect((await stage.run()).status).toBe("succeeded");
      expect([...world.tickets.values()].filter((ticket) => ticket.label === id)).toHaveLength(1);
      if (end === "ended") {
        expect(point).toBeGreaterThan(5);
        return;
      }
    }
    expect.unreachable(`an apply had more than ${MAX_POINTS} points`);
  },
};
