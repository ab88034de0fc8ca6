import { encodeValue } from "offstage/base";
import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";
import { small } from "../small-workflow.ts";

/** Calls, pages and what answers mean. */
export const TOOL_CASES: readonly ConformanceCase[] = [
  {
    id: "tool-results",
    rules: ["7.1", "7.5", "19.3", "19.5", "19.15"],
    promise: "A result is the structured content, the JSON of a text, a text, or what the profile reads; what is sensitive is nowhere",
    workflow: small(`
      const { goods } = await shop.stock({});
      const { text, content } = await shop.note({});
      return [goods.length, text, content.length, (await shop["price-of"]({ item: "bread" })).price, await shop.account({ as: "me" })];`),
    async play(stage) {
      const run = await stage.run();
      expect(run.output).toEqual([3, "# A note", 1, 5, { seen: { name: "Ada", cards: [{ number: 1 }] }, asked: "me", text: "", failed: false }]);
    },
  },
  {
    id: "tool-pages",
    rules: ["7.2", "19.11", "22.25"],
    promise: "Pages by number, by offset and by cursor are one list; by number the end is an empty page, not a short one",
    workflow: small(`return [await shop.goods.pages({}), await shop.orders.pages({}), await shop.events.pages({}), await shop.best.pages({}, { truncate: "allow" }), await shop.goods.pages({ size: 1 }, { until: (name) => name.startsWith("b") })];`),
    async play(stage) {
      const all = ["apple", "bread", "cheese"];
      expect((await stage.run()).output).toEqual([all, all, all, ["apple", "bread"], ["apple", "bread"]]);
      expect(stage.world.calls.map(({ tool, args }) => `${tool} ${Object.values(args).join()}`)).toEqual(["goods 1,2", "goods 2,2", "goods 3,2", "orders 0", "orders 2", "orders 3", "events ", "events 2", "best ", "goods 1,1", "goods 1,2"]);
    },
  },
  {
    id: "tool-pages-truncated",
    rules: ["7.3", "16.2"],
    promise: "Meeting the most pages is an error that nobody catches, by the call's maximum or where a tool gives one page only; or what there is, when that is allowed",
    workflow: small(`
      const by = async (how: string) => (how === "max" ? shop.goods.pages({}, { max: 1 }) : how === "none" ? shop.best.pages({}) : shop.goods.pages({}, { max: 1, truncate: "allow" }));
      return await each(["max", "none", "allowed"], { key: (how) => how, onError: "continue" }, async (how) => {
        try { return (await by(how)).length; } catch { return -1; }
      });`),
    async play(stage) {
      const run = await stage.run();
      expect([run.status, run.output, run.failures.map(({ error }) => error.code)]).toEqual(["partial", [null, null, 2], ["PAGES_TRUNCATED", "PAGES_TRUNCATED"]]);
    },
  },
  {
    id: "tool-poisoned",
    rules: ["18.2"],
    promise: "An integer beyond 2^53 - 1 is handed on with its digits, and using it ends the item past every try",
    workflow: small(`
      const { serial } = await shop.stock({});
      const use = async (how: string) => {
        if (how === "sum") return serial + 1;
        if (how === "text") return \`\${serial}\`;
        if (how === "argument") return (await shop.draft({ item: serial as never })).draft;
        return serial;
      };
      return await each(["carried", "sum", "text", "argument"], { key: (how) => how, onError: "continue" }, async (how) => {
        try { return await use(how); } catch { return "caught"; }
      });`),
    async play(stage) {
      const run = await stage.run();
      expect(encodeValue(run.output)).toContain("9007199254740993");
      expect(run.failures.map(({ step, error }) => [step.replace(/\/.*/, ""), error.code])).toEqual(["sum", "text", "argument"].map((how) => [`each#1[${how}]`, "UNSAFE_INTEGER"]));
      expect(stage.world.shop.drafts).toEqual([]);
    },
  },
  {
    id: "tool-offers",
    rules: ["22.6"],
    promise: "A resource that is JSON is that, one that is text is a text; a prompt is always its text",
    workflow: small(`return [await repo.read("repo://items/1"), ((await repo.read("repo://about")) as { readonly text: string }).text, (await repo.prompt("data")).text];`),
    async play(stage) {
      stage.world.items = [{ id: "1", title: "one" }];
      expect((await stage.run()).output).toEqual([{ id: "1", title: "one" }, "About everything.", '{"a":1}']);
    },
  },
  {
    id: "tool-asks",
    rules: ["14.2", "14.3"],
    promise: "A model is asked once for its place, in a plan too, not about what is not known; no answer is an error that may be caught",
    workflow: small(`
      const about = (name: string) => ask({ prompt: \`Is \${name} right?\`, schema: { type: "object", properties: { yes: { type: "boolean" } }, required: ["yes"] }, maxTokens: 9 });
      const yes = (await about("this")).yes;
      const made = await once("book", () => shop.book({ action: "book", item: yes ? "apple" : "bread" }));
      try { return [yes, (await about(made.booked ? "it" : "nothing")).yes]; } catch (error) { return (error as StepError).code; }`),
    async play(stage) {
      const { world } = stage;
      world.modelSays = { yes: true };
      const plan = await stage.plan();
      expect([plan.effects.map(({ args }) => args.value), world.count("ask")]).toEqual([[{ action: "book", item: "apple" }], 1]);
      world.modelSays = null;
      expect((await stage.apply(plan)).output).toBe("MODEL_FAILED");
      expect([world.shop.booked, world.calls.filter(({ tool }) => tool === "ask").map(({ args }) => args["prompt"])]).toEqual([["apple"], ["Is this right?", "Is it right?"]]);
    },
  },
];
