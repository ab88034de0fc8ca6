import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

const MAX_POINTS = 200;

export const killedAnywhereOneTicket: ConformanceCase = {
  id: "e-kill-in-create",
  rules: ["8.2", "10.7", "16.5"],
  promise: "Killed at any point of create, with the search lagging: one ticket, or ambiguous and said",
  workflow: "tickets.ts",
  async play(stage) {
    let ambiguous = 0;
    for (let point = 1; point <= MAX_POINTS; point += 1) {
      const id = `item-${point}`;
      stage.world.items = [{ id, title: `title ${point}` }];
      const end = await stage.runAndDie(point);
      const next = await stage.run();
      if (next.status !== "succeeded") {
        ambiguous += 1;
        expect(next.status).toBe("needs-attention");
        expect(next.ambiguous.length).toBeGreaterThan(0);
      }
      // The call's deadline and the index's lag pass: what could not be known can be found or proven absent.
      await stage.advance(10 * 60_000);
      expect((await stage.run()).status).toBe("succeeded");
      expect([...stage.world.tickets.values()].filter((ticket) => ticket.label === id)).toHaveLength(1);
      if (end === "ended") {
        expect(point).toBeGreaterThan(5);
        expect(ambiguous).toBeGreaterThan(0);
        return;
      }
    }
    expect.unreachable(`a run had more than ${MAX_POINTS} points`);
  },
};
