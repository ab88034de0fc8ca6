import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";
import { small } from "../small-workflow.ts";

const HOUR = 3_600_000;
const BOOK = `const made = await once("book", () => shop.book({ action: "book", item: "apple" }));`;

/** Plans, what they do not know, and what applies them. */
export const PLAN_CASES: readonly ConformanceCase[] = [
  {
    id: "plan-unknown",
    rules: ["17.1", "22.27"],
    promise: "A held write's answer is unknown, and so is what is made of it; what is known of the rest, and what both ways agree on, stays known",
    workflow: small(`
      ${BOOK}
      const list = ["a"];
      if (made.booked) list.push("b");
      const both = made.booked ? "same" : "same";
      await once("one", () => tracker.create({ label: \`is \${String(made.booked)}\`, summary: both }));
      await once("two", () => tracker.create({ label: list.join(), summary: ["known", made.booked ? "x" : "y"].at(0) ?? "" }));`),
    async play(stage) {
      const plan = await stage.plan();
      const planned = [
        ["once book", { action: "book", item: "apple" }, []],
        ["once one", { label: null, summary: "same" }, ["label"]],
        ["once two", { label: null, summary: "known" }, ["label"]],
      ];
      expect(plan.effects.map(({ label, args }) => [label, args.value, args.unknown.map(({ path }) => path.join("."))])).toEqual(stage.plansPastUnknown ? planned : planned.slice(0, 1));
      if (!stage.plansPastUnknown) return void expect([(await stage.apply(plan)).status, stage.world.tickets.size]).toEqual(["pending", 0]);
      expect((await stage.apply(plan)).status).toBe("succeeded");
      expect([...stage.world.tickets.values()].map(({ label, summary }) => [label, summary])).toEqual([["is true", "same"], ["a,b", "known"]]);
    },
  },
  {
    id: "plan-stale",
    rules: ["17.2", "19.16", "22.7"],
    promise: "After a held write, reads that it affects and what its server offers are unknown and not made; other reads are",
    workflow: small(`
      ${BOOK}
      const { goods } = await shop.stock({});
      const other = await shop.goods.pages({});
      const { booked } = await shop.book({ action: "look", item: "apple" });
      const text = (await shop.prompt("greeting", { name: "x" })).text;
      const about = ((await repo.read("repo://about")) as { readonly text: string }).text;
      await once("tell", () => chat.send({ text: [String(goods.length), String(other.length), String(booked), text].join(" ") }));
      await once("about", () => chat.send({ text: about }));`),
    async play(stage) {
      const plan = await stage.plan();
      expect([...new Set(stage.world.calls.map(({ tool }) => tool))]).toEqual(["goods", "resource"]);
      const planned = [["once book", 0], ["once tell", 1], ["once about", 0]];
      expect(plan.effects.map(({ label, args }) => [label, args.unknown.length])).toEqual(stage.plansPastUnknown ? planned : planned.slice(0, 1));
      if (!stage.plansPastUnknown) return void expect([(await stage.apply(plan)).status, stage.world.messages]).toEqual(["pending", []]);
      await stage.apply(plan);
      expect(stage.world.messages).toEqual(["3 3 true Greet x", "About everything."]);
    },
  },
  {
    id: "plan-unknown-loop",
    rules: ["17.4"],
    promise: "A loop over an unknown list is planned once; an identity with an unknown in it is shown, and an apply holds it",
    workflow: small(`
      ${BOOK}
      await each(range(made.booked ? 2 : 1), { key: (n) => String(n) }, (n) => once(\`tell:\${String(n)}\`, () => chat.send({ text: String(n) })));`),
    async play(stage) {
      const plan = await stage.plan();
      const planned = [["+", "sure", true], ["+", "may-many", false]];
      expect(plan.effects.map(({ sign, certainty, identityKnown }) => [sign, certainty, identityKnown])).toEqual(stage.plansPastUnknown ? planned : planned.slice(0, 1));
      const run = await stage.apply(plan);
      expect([run.status, run.held.map(({ label, why }) => [label, why.includes("not in plan")]), stage.world.messages]).toEqual(["pending", [["once tell:0", true], ["once tell:1", true]], []]);
    },
  },
  {
    id: "plan-over",
    rules: ["17.7"],
    promise: "A plan is applied once, not after its time, and not when a target changed",
    workflow: small(BOOK),
    async play(stage) {
      const code = async (plan: Awaited<ReturnType<typeof stage.plan>>) => ((await stage.apply(plan).catch((error: unknown) => error)) as { readonly code?: string }).code;
      const [late, moved, good] = [await stage.plan(), await stage.plan(), await stage.plan()];
      expect((await stage.apply(good)).status).toBe("succeeded");
      expect(await code(good)).toBe("PLAN_APPLIED");
      stage.retarget("shop");
      expect(await code(moved)).toBe("PLAN_VOID");
      await stage.advance(HOUR + 1);
      expect(await code(late)).toBe("PLAN_EXPIRED");
      expect(stage.world.count("book")).toBe(1);
    },
  },
  {
    id: "plan-after-a-no",
    rules: ["17.9"],
    promise: "What a person denied is held with these arguments, and not asked again, until a plan that was made after it is applied",
    workflow: small(`await once("merge", () => repo.merge({ id: "1" }));`),
    approve: ["repo.merge"],
    async play(stage) {
      const before = await stage.plan();
      await stage.run();
      await stage.denyAll();
      const again = await stage.run();
      expect([again.held.map(({ label }) => label), await stage.approveAll()]).toEqual([["once merge"], null]);
      expect((await stage.apply(before)).held).toHaveLength(1);
      await stage.advance(1);
      expect([(await stage.apply(await stage.plan())).status, stage.world.merged]).toEqual(["succeeded", ["1"]]);
    },
  },
  {
    id: "plan-asked-twice",
    rules: ["22.11"],
    promise: "An effect that is asked for twice is in the plan as the first time that is certain says, and is made once",
    workflow: small(`
      const tell = (text: string) => once("told", () => chat.send({ text }));
      ${BOOK}
      if (!made.booked) await tell("maybe");
      await tell("sure");
      await tell("again");`),
    async play(stage) {
      const plan = await stage.plan();
      const planned = [["once book", "sure", { action: "book", item: "apple" }], ["once told", "sure", { text: "sure" }]];
      expect(plan.effects.map(({ label, certainty, args }) => [label, certainty, args.value])).toEqual(stage.plansPastUnknown ? planned : planned.slice(0, 1));
      if (!stage.plansPastUnknown) return void expect([(await stage.apply(plan)).status, stage.world.messages]).toEqual(["pending", []]);
      expect([(await stage.apply(plan)).status, stage.world.messages]).toEqual(["succeeded", ["sure"]]);
    },
  },
  {
    id: "plan-in-order",
    rules: ["22.26"],
    promise: "A plan's lines are in the order of the text, loops in the order of their keys, digits as numbers, whatever came first",
    workflow: small(`
      await each(["10", "b", "9", "2"], { key: (x) => x, parallel: 4 }, async (x) => {
        if (x === "2") await repo.list_items({});
        await once(\`a:\${x}\`, () => chat.send({ text: x }));
        await once(\`b:\${x}\`, () => chat.send({ text: x }));
      });
      await once("end", () => chat.send({ text: "end" }));`),
    async play(stage) {
      expect((await stage.plan()).effects.map(({ label }) => label.replace("once ", ""))).toEqual(["a:2", "b:2", "a:9", "b:9", "a:10", "b:10", "a:b", "b:b", "end"]);
    },
  },
  {
    id: "plan-profiles",
    rules: ["19.1", "19.2", "19.4", "19.13"],
    promise: "The first rule that holds says what a call is, the rest is filled in, what nobody decides is a write, and what prepares is called while planning",
    workflow: small(`
      const { draft } = await shop.draft({ item: "x" });
      const { booked } = await shop.book({ action: "look", item: "apple" });
      const made = await once("book", () => shop.book({ action: "book", item: draft }));
      await once("buy", () => shop.buy({ item: "apple" }));
      await once("ring", () => shop.ring({}));
      await once("either", () => shop.book({ action: made.booked ? "book" : "book again", item: String(booked) }));`),
    async play(stage) {
      const plan = await stage.plan();
      expect(stage.world.calls.map(({ tool, args }) => `${tool} ${String(args["action"])}`)).toEqual(["draft undefined", "book look"]);
      const planned = [["once book", "cancel it", "d-x"], ["once buy", "none", "apple"], ["once ring", "none", undefined], ["once either", "none", "false"]];
      expect(plan.effects.map(({ label, undo, args }) => [label, undo, (args.value as { readonly item?: string }).item])).toEqual(stage.plansPastUnknown ? planned : planned.slice(0, 3));
    },
  },
];
