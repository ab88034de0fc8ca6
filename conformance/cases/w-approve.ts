import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

const DAY = 86_400_000;
const MAX_POINTS = 200;

export const peopleAnswerItemsApart: ConformanceCase = {
  id: "w-approve",
  rules: ["12.3", "12.4", "12.5", "22.16"],
  promise: "Each item of a loop asks for itself: what was approved is written once, what was denied or not answered in time is not, wherever a process is killed; what is the same is not asked again",
  workflow: "approve.ts",
  async play(stage) {
    const { world } = stage;
    let unknown = 0;
    for (let point = 1; point <= MAX_POINTS; point += 1) {
      const [yes, no, late] = ["yes", "no", "late"].map((name) => `${name}${point}.`);
      world.items = [yes, no, late].map((id) => ({ id: id ?? "", title: "told" }));
      const parked = await stage.run();
      expect(parked).toMatchObject({ status: "parked", waits: [{ kind: "approval", label: `Tell of ${yes}?` }, {}, {}] });
      expect([await stage.answer("approved", yes), await stage.answer("denied", no), await stage.answer("denied", no)]).toEqual([1, 1, 0]);
      const end = await stage.resumeAndDie(parked.id, point);
      const after = await stage.resume(parked.id);
      const sent = (): readonly string[] => world.messages.filter((text) => text.includes(`${point}.`));
      await stage.advance(8 * DAY);
      expect(await stage.answer("approved", late)).toBe(0);
      const last = after.status === "parked" ? await stage.resume(parked.id) : after;
      if (last.status === "needs-attention") {
        // Killed between sending and hearing of it: said, and not sent again.
        unknown += 1;
        expect(sent().length).toBeLessThan(2);
        continue;
      }
      expect(last).toMatchObject({ id: parked.id, status: "succeeded", output: [`${yes} approved tester`, `${no} denied tester`, `${late} timeout nobody`] });
      expect(sent()).toEqual([`${yes} told`]);
      if (end === "died") continue;
      // Nobody is asked again about what is the same; what changed is asked again.
      world.items = [{ id: yes ?? "", title: "told" }, { id: no ?? "", title: "changed" }];
      expect((await stage.run()).waits.map(({ label }) => label)).toEqual([`Tell of ${no}?`]);
      return void expect([point > 8, unknown > 0, sent().length]).toEqual([true, true, 1]);
    }
    expect.unreachable(`going on had more than ${MAX_POINTS} points`);
  },
};
