import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

const DAY = 86_400_000;
const MAX_POINTS = 200;

export const sleepsForMonths: ConformanceCase = {
  id: "w-sleep",
  rules: ["12.1", "12.2", "12.7", "22.1", "22.18"],
  promise: "A run that sleeps for months goes on where it was, wherever its processes are killed: the items beside it are done at once, each write is made once, and what it read before is not read again",
  workflow: "sleep.ts",
  async play(stage) {
    const { world } = stage;
    let unknown = 0;
    for (let point = 1; point <= MAX_POINTS; point += 1) {
      const ids = ["a", "b", "c"].map((name) => `${name}${point}`);
      world.items = ids.map((id, index) => ({ id, title: index === 1 ? "slow" : "fast" }));
      const listed = world.count("list_items");
      const parked = await stage.run();
      expect(parked).toMatchObject({ status: "parked", output: null, waits: [{ kind: "sleep", step: `each#1[b${point}]/sleep#1`, until: parked.startedAt + 90 * DAY }] });
      expect(world.messages.slice(-3)).toEqual(ids.map((id) => `${id} before`));
      world.items = [];
      await stage.advance(89 * DAY);
      expect((await stage.resume(parked.id)).status).toBe("parked");
      await stage.advance(2 * DAY);
      const end = await stage.resumeAndDie(parked.id, point);
      const after = (): readonly string[] => world.messages.filter((text) => text === `b${point} after`);
      const again = await stage.resume(parked.id);
      if (again.status === "needs-attention") {
        // Killed between sending and hearing of it: said, and not sent again.
        unknown += 1;
        expect([again.ambiguous.length, after().length < 2]).toEqual([1, true]);
        continue;
      }
      expect(again).toMatchObject({ id: parked.id, status: "parked", waits: [{ step: "until#1" }] });
      await stage.advance(9 * DAY);
      expect(await stage.resume(parked.id)).toMatchObject({ id: parked.id, status: "succeeded", output: { told: ids, left: 0 }, waits: [], startedAt: parked.startedAt });
      expect(after()).toHaveLength(1);
      expect(world.count("list_items") - listed).toBe(2);
      if (end === "ended") return void expect([point > 8, unknown > 0]).toEqual([true, true]);
    }
    expect.unreachable(`going on had more than ${MAX_POINTS} points`);
  },
};
