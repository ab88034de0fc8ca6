import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";
import { small } from "../small-workflow.ts";

/** Errors, and how runs end. */
export const END_CASES: readonly ConformanceCase[] = [
  {
    id: "end-of-items",
    rules: ["16.2"],
    promise: "What a workflow cannot deal with ends its item past every try; others go on",
    workflow: small(`
      const { serial } = await shop.stock({});
      return await each(["tell", "add", "page", "well"], { key: (x) => x, onError: "continue" }, async (x) => {
        try {
          if (x === "tell") await once("tell", () => chat.send({ text: "hello" }));
          if (x === "add") return serial + 1;
          if (x === "page") return (await shop.best.pages({})).length;
          return 0;
        } catch { return -1; }
      });`),
    async play(stage) {
      stage.world.faults.push({ tool: "send", kind: "dropped", written: true });
      const run = await stage.run();
      expect([run.status, run.output, run.ambiguous.map(({ label }) => label), run.failures.map(({ error }) => error.code)]).toEqual(["needs-attention", [null, null, null, 0], ["once tell"], ["UNSAFE_INTEGER", "PAGES_TRUNCATED"]]);
    },
  },
  {
    id: "end-of-the-run",
    rules: ["16.3"],
    promise: "A write that the policy denies ends the run: no try, no loop that continues goes on",
    workflow: small(`
      await each(["a", "b"], { key: (x) => x, onError: "continue" }, async (x) => {
        try { await once(\`merge:\${x}\`, () => repo.merge({ id: x })); } catch { await once("caught", () => chat.send({ text: "caught" })); }
      });
      await once("after", () => chat.send({ text: "after" }));`),
    deny: ["repo.merge"],
    async play(stage) {
      expect(await stage.run()).toMatchObject({ status: "failed", error: { code: "EFFECT_REFUSED" } });
      expect([stage.world.messages, stage.world.merged]).toEqual([[], []]);
    },
  },
  {
    id: "end-that-is-told",
    rules: ["16.4"],
    promise: "Of several ends the later in the list is told, and all are shown",
    workflow: small(`
      await each(inputs.tags, { key: (x) => x, onError: "continue" }, async (x) => {
        if (x === "fails") throw fail("no");
        if (x === "asks") await once("merge", () => repo.merge({ id: "1" }));
        if (x === "unknown") await once("tell", () => chat.send({ text: "hello" }));
      });
      if (inputs.last) throw fail("last");`, { options: `inputs: { tags: ["well"], last: false }` }),
    approve: ["repo.merge"],
    async play(stage) {
      stage.world.faults.push({ tool: "send", kind: "dropped", written: false });
      const tags: string[] = ["well"];
      for (const [tag, status] of [["well", "succeeded"], ["fails", "partial"], ["asks", "pending"], ["unknown", "needs-attention"]] as const) {
        if (!tags.includes(tag)) tags.push(tag);
        const run = await stage.run({ tags });
        expect([run.status, run.failures.length, run.held.length, run.ambiguous.length]).toEqual([status, ...["fails", "asks", "unknown"].map((one) => (tags.includes(one) ? 1 : 0))]);
      }
      expect(await stage.run({ tags, last: true })).toMatchObject({ status: "failed", error: { code: "FAILED", message: "last" }, held: [{}], ambiguous: [{}] });
    },
  },
];
