import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

const DAY = 86_400_000;
const MAX_POINTS = 200;

export const eventsOfItemsApart: ConformanceCase = {
  id: "w-event",
  rules: ["12.11", "12.12", "12.13", "12.14"],
  promise: "Each item of a loop looks at every event once and in order, goes on with the first that it wants, and with null when none came in time: none is lost and nothing is written twice, wherever a process is killed",
  workflow: "event.ts",
  async play(stage) {
    const { world } = stage;
    const other = await stage.second();
    let unknown = 0;
    for (let point = 1; point <= MAX_POINTS; point += 1) {
      const [one, odd, late] = ["one", "odd", "late"].map((name) => `${name}${point}.`);
      world.items = [one, odd, late].map((id) => ({ id: id ?? "", title: "" }));
      const parked = await stage.run();
      expect(parked).toMatchObject({ status: "parked", waits: [{ kind: "event", label: "an event of the webhook repo" }, {}, {}] });
      // Time passes while the other process is there.
      const waits = (parked.waits[0]?.until ?? 0) - parked.startedAt;
      expect([waits >= 7 * DAY, waits < 8 * DAY]).toEqual([true, true]);
      const offer = (id: string | undefined, by: unknown, process = stage): Promise<number> => process.offer(parked.id, "webhook:repo", { headers: { "X-Event": "merged" }, body: { id: id ?? "", by: by as string } });
      // Nobody's, then the one that is meant, from two processes at once, then one that would have done as well; a filter that meets a number fails.
      const nobodys = await offer("other", "by nobody");
      const twice = await Promise.all([offer(one, "by ada"), offer(one, "by ada", other)]);
      expect([nobodys, twice.toSorted((a, b) => a - b), await offer(one, "by bob"), await offer(odd, 7)]).toEqual([3, [0, 3], 3, 3]);
      const end = await stage.resumeAndDie(parked.id, point);
      const after = await stage.resume(parked.id);
      const sent = (): readonly string[] => world.messages.filter((text) => text.includes(`${point}.`));
      if (after.status === "parked") {
        expect(after.waits).toMatchObject([{ step: expect.stringContaining(`each#1[${late}]/`) }]);
        await stage.advance(7 * DAY);
        await expect(offer(late, "by zoe")).rejects.toMatchObject({ code: "EVENT_UNWANTED" });
      }
      const last = after.status === "parked" ? await stage.resume(parked.id) : after;
      if (last.status === "needs-attention") {
        // Killed between sending and hearing of it: said, and not sent again.
        unknown += 1;
        expect(sent().length).toBeLessThan(2);
        continue;
      }
      expect(last).toMatchObject({ id: parked.id, status: "succeeded", output: [`${one} by ada`, `${odd} odd`, `${late} nobody`] });
      expect(sent()).toEqual([`${one} by ada`]);
      if (end === "ended") return void expect([point > 8, unknown > 0]).toEqual([true, true]);
    }
    expect.unreachable(`going on had more than ${MAX_POINTS} points`);
  },
};
