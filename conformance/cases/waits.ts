import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";
import { small } from "../small-workflow.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Waiting: what stands beside it, and what time is. */
export const WAIT_CASES: readonly ConformanceCase[] = [
  {
    id: "wait-serial",
    rules: ["12.7", "22.1", "22.13"],
    promise: "In a serial loop the next item waits for the one that waits; two at a time are two that wait",
    workflow: small(`return await each(["a", "b", "c"], { key: (x) => x, parallel: inputs.parallel }, async (x) => { await sleep("1h"); return x; });`, { options: "inputs: { parallel: 1 }" }),
    async play(stage) {
      for (const [parallel, parkings] of [[1, [["a"], ["b"], ["c"]]], [2, [["a", "b"], ["c"]]]] as const) {
        let run = await stage.run({ parallel });
        for (const keys of parkings) {
          expect(run.waits.map(({ step }) => step)).toEqual(keys.map((key) => `each#1[${key}]/sleep#1`));
          await stage.advance(HOUR);
          run = await stage.resume(run.id);
        }
        expect(run).toMatchObject({ status: "succeeded", output: ["a", "b", "c"] });
      }
    },
  },
  {
    id: "wait-then-error",
    rules: ["22.14"],
    promise: "A loop throws no error before its waiting items are done; what ends the run does not wait",
    workflow: small(`
      try {
        await each(["slow", "bad"], { key: (x) => x, parallel: 2 }, async (x) => {
          if (x === "slow") { await sleep("1h"); await once("slow", () => chat.send({ text: "slow" })); }
          else if (inputs.denied) await once("merge", () => repo.merge({ id: "1" }));
          else throw fail("bad");
        });
      } catch (error) { return (error as StepError).message; }
      return "none";`, { options: "inputs: { denied: false }" }),
    deny: ["repo.merge"],
    async play(stage) {
      const parked = await stage.run();
      expect([parked.status, parked.failures]).toEqual(["parked", []]);
      await stage.advance(HOUR);
      expect([(await stage.resume(parked.id)).output, stage.world.messages]).toEqual(["bad", ["slow"]]);
      expect(await stage.run({ denied: true })).toMatchObject({ status: "failed", error: { code: "EFFECT_REFUSED" }, waits: [] });
    },
  },
  {
    id: "wait-duration",
    rules: ["12.2", "12.8"],
    promise: "Waiting does not count into limits.duration, and what has passed is not waited for",
    workflow: { source: `
import { sleep, until, workflow } from "offstage";
export default workflow({ name: "patient", on: [], limits: { duration: "1m" } }, async ({ run }) => {
  await until(run.startedAt);
  await sleep("2d");
  return "rested";
});` },
    async play(stage) {
      const parked = await stage.run();
      expect(parked.waits.map(({ step, until }) => [step, until])).toEqual([["sleep#1", parked.startedAt + 2 * DAY]]);
      await stage.advance(2 * DAY);
      expect(await stage.resume(parked.id)).toMatchObject({ status: "succeeded", output: "rested" });
    },
  },
  {
    id: "wait-instants",
    rules: ["15.1", "22.2", "22.3", "22.18"],
    promise: "now() is one instant for its place and loop key, whenever its run goes on; another place has another; ago counts from its own; a sleep counts from when it is reached",
    workflow: small(`
      const stamp = () => now();
      const out = await each(["a"], { key: (x) => x }, async () => {
        const before = stamp();
        await sleep("1h");
        return [stamp() - before, now() - before, now() - ago("30m")];
      });
      await sleep("1h");
      return [...out, now() - run.startedAt];`),
    async play(stage) {
      const first = await stage.run();
      await stage.advance(HOUR);
      const second = await stage.resume(first.id);
      await stage.advance(HOUR);
      expect([second.waits.map(({ until }) => (until ?? 0) - first.startedAt), (await stage.resume(first.id)).output]).toEqual([[2 * HOUR], [[HOUR, HOUR, HOUR / 2], 2 * HOUR]]);
    },
  },
  {
    id: "wait-instants-planned",
    rules: ["15.1", "22.2"],
    promise: "An apply has the instants of its plan",
    workflow: small("await once(\"stamp\", () => chat.send({ text: `${iso(now())} ${iso(ago(\"1h\"))}` }));"),
    async play(stage) {
      const plan = await stage.plan();
      await stage.advance(HOUR / 2);
      await stage.apply(plan);
      expect(stage.world.messages).toEqual([`${new Date(plan.createdAt).toISOString()} ${new Date(plan.createdAt - HOUR).toISOString()}`]);
    },
  },
  {
    id: "wait-plan",
    rules: ["12.10", "22.18"],
    promise: "A plan waits for nothing and asks nobody: what is written behind a wait is planned, what is read there is not read; its apply waits",
    workflow: small(`
      await once("before", () => chat.send({ text: "before" }));
      await sleep("1h");
      const items = await repo.list_items({});
      const { outcome } = await approve({ message: "Go on?" });
      const found = await poll({ every: "1h", max: 3 }, async () => (await shop.stock({})).goods.at(0));
      await once("after", () => chat.send({ text: \`\${String(items.length)} \${outcome} \${found ?? "nothing"}\` }));`),
    async play(stage) {
      const { world } = stage;
      const plan = await stage.plan();
      const planned = [["once before", "sure", 0], ["once after", "sure", 1]];
      expect(plan.effects.map(({ label, certainty, args }) => [label, certainty, args.unknown.length])).toEqual(stage.plansPastUnknown ? planned : planned.slice(0, 1));
      expect([world.calls.map(({ tool }) => tool), await stage.answer("approved")]).toEqual([[], 0]);
      await stage.advance(HOUR / 2);
      const parked = await stage.apply(plan);
      expect(parked.waits.map(({ step, until }) => [step, (until ?? 0) - plan.createdAt])).toEqual([["sleep#1", HOUR * 1.5]]);
      await stage.advance(HOUR);
      expect((await stage.resume(parked.id)).waits.map(({ kind }) => kind)).toEqual(["approval"]);
      expect(await stage.answer("approved")).toBe(1);
      expect([(await stage.resume(parked.id)).status, world.messages]).toEqual(stage.plansPastUnknown ? ["succeeded", ["before", "0 approved apple"]] : ["pending", ["before"]]);
    },
  },
  {
    id: "wait-approve-bare",
    rules: ["22.15"],
    promise: "An approve that shows nothing asks in every run; one that shows the same is about the same, until it showed something else",
    workflow: small(`
      const bare = await approve({ message: "Bare?" });
      const about = await approve({ message: "About?", show: { title: (await repo.list_items({})).at(0)?.title ?? "" } });
      return [bare.outcome, about.outcome];`),
    async play(stage) {
      const { world } = stage;
      for (const [title, asks, verdict] of [["a", true, "approved"], ["a", false, "approved"], ["b", true, "denied"], ["b", false, "denied"], ["a", true, "approved"]] as const) {
        world.items = [{ id: "1", title }];
        const { id } = await stage.run();
        expect(await stage.answer("approved", "Bare")).toBe(1);
        const second = await stage.resume(id);
        expect([title, second.status]).toEqual([title, asks ? "parked" : "succeeded"]);
        if (asks) await stage.answer(verdict, "About");
        expect((await stage.resume(id)).output ?? second.output).toEqual(["approved", verdict]);
        await stage.advance(HOUR);
      }
    },
  },
  {
    id: "wait-approve-timeout",
    rules: ["22.16"],
    promise: "An approve that times out has the outcome that onTimeout names, from nobody, at the end of its time; as an error it can be caught",
    workflow: small(`
      const denied = await approve({ message: "One?", within: "1h", onTimeout: "deny" });
      const approved = await approve({ message: "Two?", within: "1h", onTimeout: "approve" });
      try { await approve({ message: "Three?", within: "1h", onTimeout: "fail" }); } catch (error) { return [denied, approved, (error as StepError).code]; }
      return null;`),
    async play(stage) {
      let run = await stage.run();
      const { startedAt } = run;
      for (let over = 0; over < 3; over += 1) {
        await stage.advance(HOUR);
        run = await stage.resume(run.id);
      }
      const at = (hours: number) => new Date(startedAt + hours * HOUR).toISOString();
      expect(run.output).toEqual([{ outcome: "denied", by: null, at: at(1) }, { outcome: "approved", by: null, at: at(2) }, "APPROVAL_TIMEOUT"]);
    },
  },
  {
    id: "wait-branch-names",
    rules: ["22.12"],
    promise: "A branch of parallel is named by its word in the keys of its steps; a once in it keeps its own",
    workflow: small(`await parallel({ left: () => sleep("1h"), right: async () => { await once("told", () => chat.send({ text: "told" })); await sleep("1h"); } });`),
    async play(stage) {
      // Which of the two stands first is the printed text's to say.
      expect((await stage.run()).waits.map(({ step }) => step.replace(/#\d$/, "")).toSorted()).toEqual(["parallel#1[left]/sleep", "parallel#1[right]/sleep"]);
      const renamed = await stage.second(small(`await parallel({ links: () => sleep("1h"), rechts: () => once("told", () => chat.send({ text: "again" })) });`));
      expect([(await renamed.run()).waits.map(({ step }) => step), stage.world.messages]).toEqual([["parallel#1[links]/sleep#1"], ["told"]]);
    },
  },
];
