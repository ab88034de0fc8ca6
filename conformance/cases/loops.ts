import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";
import { small } from "../small-workflow.ts";

/** `each` and `parallel` around writes. */
export const LOOP_CASES: readonly ConformanceCase[] = [
  {
    id: "loop-duplicate-key",
    rules: ["9.4", "22.4"],
    promise: "Equal items of one key run once and both places get the value; two different ones are an error; a key may be any text",
    workflow: small(`
      const items = await repo.list_items({});
      try {
        return await each(items, { key: (item) => item.id }, async (item) => {
          await once(\`tell:\${item.id}\`, () => chat.send({ text: item.title }));
          return item.title;
        });
      } catch (error) { return (error as StepError).code; }`),
    async play(stage) {
      const { world } = stage;
      const odd = "each#1[a]/b=, \"\n";
      world.items = [{ id: odd, title: "one" }, { id: "b", title: "two" }, { id: odd, title: "one" }];
      expect((await stage.run()).output).toEqual(["one", "two", "one"]);
      world.items = [{ id: "c", title: "three" }, { id: "c", title: "four" }];
      expect((await stage.run()).output).toBe("DUPLICATE_KEY");
      expect(world.messages).toEqual(["one", "two"]);
    },
  },
  {
    id: "loop-stops",
    rules: ["22.5"],
    promise: "A loop that stops starts no more items, lets those in flight settle, and throws the first error in the order of the items",
    workflow: small(`
      try {
        await each(["a", "b", "c", "d"], { key: (x) => x, parallel: 2 }, async (x) => {
          if (x === "a") { await repo.list_items({}); await repo.list_items({}); await repo.list_items({}); }
          await once(\`tell:\${x}\`, () => chat.send({ text: x }));
          throw fail(x);
        });
      } catch (error) { return (error as StepError).message; }
      return "none";`),
    async play(stage) {
      expect([(await stage.run()).output, stage.world.messages.toSorted()]).toEqual(["a", ["a", "b"]]);
    },
  },
  {
    id: "loop-parallel-error",
    rules: ["9.5"],
    promise: "All branches settle, then the first error in written order is thrown",
    workflow: small(`
      try {
        await parallel({
          late: async () => { await repo.list_items({}); await repo.list_items({}); throw fail("late"); },
          soon: async () => { throw fail("soon"); },
          tells: () => once("tell", () => chat.send({ text: "told" })),
        });
      } catch (error) { return (error as StepError).message; }
      return "none";`),
    async play(stage) {
      expect([(await stage.run()).output, stage.world.messages]).toEqual(["late", ["told"]]);
    },
  },
  {
    id: "loop-held",
    rules: ["17.2", "22.19"],
    promise: "A held write in an item holds what follows in that item, and writes after the loop; others go on",
    workflow: small(`
      const tell = (text: string) => once(\`tell:\${text}\`, () => chat.send({ text }));
      await each(["a", "b"], { key: (x) => x }, async (x) => {
        if (x === "a") await once("merge", () => repo.merge({ id: "1" }));
        await tell(x);
      });
      await tell("after");`),
    approve: ["repo.merge"],
    async play(stage) {
      const run = await stage.run();
      expect([run.status, run.held.map(({ label }) => label), stage.world.messages]).toEqual(["pending", ["once merge", "once tell:a", "once tell:after"], ["b"]]);
      expect([(await stage.approveAll())?.status, stage.world.messages]).toEqual(["succeeded", ["b", "a", "after"]]);
    },
  },
  {
    id: "loop-held-branch",
    rules: ["9.6"],
    promise: "A held write in a branch holds the rest of that branch, and writes after the branches; others go on",
    workflow: small(`
      const tell = (text: string) => once(\`tell:\${text}\`, () => chat.send({ text }));
      await parallel({ left: async () => { await once("merge", () => repo.merge({ id: "1" })); await tell("left"); }, right: () => tell("right") });
      await tell("after");`),
    approve: ["repo.merge"],
    async play(stage) {
      const run = await stage.run();
      expect([run.status, run.held.map(({ label }) => label), stage.world.messages]).toEqual(["pending", ["once merge", "once tell:left", "once tell:after"], ["right"]]);
      expect([(await stage.approveAll())?.status, stage.world.messages]).toEqual(["succeeded", ["right", "left", "after"]]);
    },
  },
];
