import { describe, expect, test } from "vitest";
import { DEFAULT_POLICY, type Policy } from "../model/index.ts";
import { explore } from "../testing/explore.ts";
import { assertHeals, assertSaid, BOUNDS, CREATE, dying, FEWER, LAG, LONG, WAYS, waysToEnsure } from "../testing/record-model.ts";
import { createWorld } from "../testing/record-world.ts";

const ALLOW: Policy = { ...DEFAULT_POLICY, rules: [{ verdict: "allow" }] };

describe("the model of one record, every way within the bounds", { timeout: 300_000 }, () => {
  test("create: two processes, a crash anywhere, every fate of a send, a search that lags", async () => {
    // With three surprises, and where the clock jumps between deaths: record.model.long.test.ts.
    expect(await waysToEnsure(2, { ...CREATE, bounds: FEWER })).toBeGreaterThan(WAYS);
  });

  test("create: two runs side by side in one process, and another process", async () => {
    const { ways } = await explore(async (choices) => {
      const world = createWorld(choices, { ...CREATE, bounds: FEWER });
      const runs = [...world.processOf(["ensure", "ensure"]), world.process()];
      await world.stage.play();
      assertSaid(world, runs.map(({ ending }) => ending));
      await assertHeals(world);
    });
    expect(ways).toBeGreaterThan(WAYS);
  });

  test.for([["ensure", "ensure"], ["ensure", "release"], ["release", "release"], ["once", "once"]] as const)("runs side by side in one process, when servers answer: %s and %s end as one after the other would", async (goals) => {
    await explore(async (choices) => {
      const world = createWorld(choices, { ...CREATE, fates: ["ok"], bounds: { ...BOUNDS, crashes: 0, jumps: 0, switches: 3 } });
      if (goals[1] === "release") await world.calmly();
      const runs = world.processOf(goals);
      await world.stage.play();
      const wrong = runs.find(({ ending }) => ending === null || ending === "lease-lost" || (ending.kind !== "done" && ending.kind !== "released" && !(ending.kind === "held" && goals[1] === "release")));
      if (wrong !== undefined) throw new Error(`not as if it were alone: ${JSON.stringify(wrong.ending)}`);
      world.assertOnce();
      if (world.tracker.tickets.length !== 1) throw new Error(`${world.tracker.tickets.length} tickets`);
    });
  });

  test("create: the same when the search sees everything at once", async () => {
    expect(await waysToEnsure(2, { ...CREATE, bounds: FEWER, lagMs: 0, provesAfterMs: 0 })).toBeGreaterThan(WAYS);
  });

  test("create: one process that dies three times", async () => {
    expect(await waysToEnsure(4, dying(0))).toBeGreaterThan(WAYS);
  });

  test("create: a search that never proves anything blocks, says so, and a person's word ends it", async () => {
    await explore(async (choices) => {
      const world = createWorld(choices, { ...CREATE, provesAfterMs: null, bounds: FEWER });
      const runs = [world.process(), world.process()];
      await world.stage.play();
      assertSaid(world, runs.map(({ ending }) => ending));
      world.stage.wait(LONG);
      const ending = await world.calmly();
      world.assertOnce();
      const happened = world.tracker.tickets.length === 1;
      // Found is found; not found is not known, unless nothing was ever left open.
      if (happened ? ending.kind !== "done" : ending.kind !== "blocked" && ending.kind !== "done") throw new Error(JSON.stringify(ending));
    });
  });

  test("update: two processes, a crash anywhere, every fate; the read tells what happened", async () => {
    await explore(async (choices) => {
      const world = createWorld(choices, { ...CREATE, bounds: FEWER, fates: ["ok", "refused", "happened-unanswered", "lost", "late"] });
      await world.calmly();
      world.title = "memory leak, again";
      const runs = [world.process(), world.process()];
      await world.stage.play();
      assertSaid(world, runs.map(({ ending }) => ending));
      await assertHeals(world);
      if (world.tracker.tickets[0]?.title !== world.title) throw new Error("the title is not as desired");
    });
  });

  test("idempotent writes are repeated, and still only within one effect", async () => {
    await explore(async (choices) => {
      const world = createWorld(choices, { ...CREATE, idempotent: true, has: { read: false }, bounds: FEWER, fates: ["ok", "lost"] });
      world.process();
      await world.stage.play();
      world.stage.wait(LONG);
      if ((await world.calmly()).kind !== "done") throw new Error("it did not heal");
    });
  });

  test("release: done once, or blocked and said", async () => {
    await explore(async (choices) => {
      const world = createWorld(choices, { ...CREATE, fates: ["ok", "refused", "happened-unanswered", "lost", "late"], bounds: FEWER });
      await world.calmly();
      const runs = [world.process("release"), world.process("release")];
      await world.stage.play();
      world.stage.wait(LONG);
      const ending = await world.calmly("release");
      world.assertOnce();
      const closes = world.sent.filter(({ carriedOut }) => carriedOut).length;
      if (ending.kind === "released" ? world.tracker.tickets[0]?.done !== true : ending.kind !== "blocked") throw new Error(JSON.stringify({ ending, closes, runs }));
    });
  });

  test("a once without confirm: sent once, and what is not known stays so until a person tells", async () => {
    await explore(async (choices) => {
      const world = createWorld(choices, { ...CREATE, bounds: { ...BOUNDS, crashes: 2 } });
      const runs = [world.process("once"), world.process("once"), world.process("once")];
      await world.stage.play();
      world.stage.wait(LONG);
      const ending = await world.calmly("once");
      assertSaid(world, [...runs.map((run) => run.ending), ending]);
      const made = world.tracker.tickets.length;
      if (ending.kind === "done" ? made !== 1 : ending.kind !== "blocked") throw new Error(JSON.stringify({ ending, made }));
    });
  });

  test("gone: nothing is made anew before two witnesses and a person, and then once", async () => {
    await explore(async (choices) => {
      const world = createWorld(choices, { ...CREATE, bounds: FEWER });
      await world.calmly();
      world.stage.wait(LONG);
      const [ticket] = world.tracker.tickets;
      if (ticket === undefined) throw new Error("no ticket");
      ticket.deleted = true;
      const runs = [world.process(), world.process()];
      await world.stage.play();
      assertSaid(world, runs.map(({ ending }) => ending));
      world.stage.wait(LONG);
      await world.calmly();
      world.stage.wait(LONG);
      const held = await world.calmly();
      if (held.kind !== "held" || held.why !== "approval" || world.tracker.tickets.length !== 1) throw new Error(JSON.stringify(held));
      const ending = await world.calmly("ensure", ALLOW);
      if (ending.kind !== "done" || world.tracker.tickets.filter(({ deleted }) => !deleted).length !== 1) throw new Error(JSON.stringify(ending));
      world.assertOnce();
    });
  });

  test("gone under a policy that allows it: two processes make one new target", async () => {
    await explore(async (choices) => {
      const world = createWorld(choices, { ...CREATE, policy: ALLOW, bounds: FEWER });
      await world.calmly();
      world.stage.wait(LONG);
      const [ticket] = world.tracker.tickets;
      if (ticket === undefined) throw new Error("no ticket");
      ticket.deleted = true;
      world.process();
      world.process();
      await world.stage.play();
      world.assertOnce();
      world.stage.wait(LONG);
      await world.calmly();
      await assertHeals(world);
    });
  });

  test("the read says gone and it is not so: nothing is made anew, however often it is asked", async () => {
    await explore(async (choices) => {
      const world = createWorld(choices, { ...CREATE, policy: ALLOW, hidden: () => true, bounds: FEWER });
      await world.calmly();
      const runs = [world.process(), world.process()];
      await world.stage.play();
      assertSaid(world, runs.map(({ ending }) => ending));
      for (let time = 0; time < 3; time++) {
        world.stage.wait(LAG);
        const ending = await world.calmly();
        if (ending.kind !== "held" && ending.kind !== "blocked") throw new Error(JSON.stringify(ending));
      }
      if (world.tracker.tickets.length !== 1) throw new Error("it was made anew");
    });
  });
});
