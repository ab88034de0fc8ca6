import type { Run } from "offstage/model";
import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";

const MAX_POINTS = 200;

function runsOf(run: Run): readonly string[] {
  return (run.output as { readonly runs: readonly string[] }).runs;
}

export const startedOncePerKey: ConformanceCase = {
  id: "y-started",
  rules: ["13.8", "13.9", "13.10", "13.11", "13.12", "22.37"],
  promise: "A workflow is started once for its key, whoever asks, planned as a write is, in one transaction with what says so; the run is one of its own, and whoever drives the store drives it",
  workflow: "starter.ts",
  async play(stage) {
    const { world } = stage;
    world.items = [{ id: "1", title: "one" }];
    const plan = await stage.plan();
    expect(plan.effects.map(({ label, tool, target, args, identity, sign }) => [label, tool, target, args.value, identity, sign])).toEqual([
      ["start greet item:1", "start.greet", "store", { workflow: "greet", key: "item:1", inputs: { text: "one", to: "1" } }, { kind: "start", scope: "greet", key: "item:1" }, "+"],
      ["once starter:done", "send", "chat.example", { text: "done" }, { kind: "once", scope: "starter", key: "starter:done", window: null }, "+"],
    ]);
    expect(world.messages).toEqual([]);
    world.items = [...world.items, { id: "2", title: "two" }];
    const applied = await stage.apply(plan);
    expect(applied).toMatchObject({ status: "succeeded", output: { wrong: "INPUT_INVALID" }, counts: { writes: 2 } });
    const [first] = runsOf(applied);
    expect(world.messages).toEqual(["done", "one to 1"]);
    expect(await stage.show(first ?? "")).toMatchObject({ workflow: "greet", rootRunId: first, status: "succeeded", inputs: { text: "one", to: "1" }, output: { event: null }, event: { kind: "started", run: applied.id, workflow: "starter", key: "item:1" } });

    const other = await stage.second();
    const both = await Promise.all([stage.run(), other.run()]);
    expect(both.map(({ status, output }) => [status, output])).toEqual([0, 0].map(() => ["succeeded", { runs: [first, runsOf(both[0])[1]], wrong: "INPUT_INVALID" }]));
    expect(world.messages).toEqual(["done", "one to 1", "two to 2"]);

    for (let point = 1; point <= MAX_POINTS; point += 1) {
      const id = `item-${point}`;
      world.items = [{ id, title: id }];
      const end = await stage.runAndDie(point);
      const next = await stage.run();
      expect(next.status).toBe("succeeded");
      const one = await stage.show(runsOf(next)[0] ?? "");
      const told = world.messages.filter((message) => message === `${id} to ${id}`);
      // The started run's own write may be in doubt, as any write; it is never made twice, and the run is the same one.
      expect([one.status, told.length]).toEqual(one.status === "succeeded" ? ["succeeded", 1] : ["needs-attention", told.length > 1 ? 1 : told.length]);
      expect(one.event).toMatchObject({ key: `item:${id}` });
      if (end === "ended") {
        expect(point).toBeGreaterThan(8);
        return;
      }
    }
    expect.unreachable(`a run had more than ${MAX_POINTS} points`);
  },
};
