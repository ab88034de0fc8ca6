import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";
import { small } from "../small-workflow.ts";

const GIVE = `import give from "./give.ts";`;

/** Workflows that call others. */
export const CALLED_CASES: readonly ConformanceCase[] = [
  {
    id: "called-data",
    rules: ["13.1", "22.10"],
    promise: "A called workflow gets its defaults and what is given, as data, and gives data; its error is the caller's to catch",
    workflow: small(`
      const code = async (how: string) => {
        try { await call(give, how === "map in" ? { list: new Map([["a", 1]]) as never } : { how }); return "none"; } catch (error) { return (error as StepError).code; }
      };
      return [await call(give, {}), await call(give, { list: ["a", "b"] }), await code("map in"), await code("map"), await code("fail")];`, { top: GIVE }),
    async play(stage) {
      expect((await stage.run()).output).toEqual([{ list: ["default"] }, { list: ["a", "b"] }, "TYPE_ERROR", "TYPE_ERROR", "FAILED"]);
    },
  },
  {
    id: "called-part-of-the-run",
    rules: ["13.2"],
    promise: "A called workflow has no event, its writes count into the caller's limits, and its own limits do not hold",
    workflow: small(`
      const quiet = await call(give, { how: "event" });
      await call(give, { how: "many" });
      await call(give, { how: "tell" });
      return quiet;`, { top: GIVE, on: `every("1h")`, writes: 4 }),
    async play(stage) {
      const run = await stage.run();
      expect([run.status, run.error?.code, stage.world.messages]).toEqual(["failed", "LIMIT_WRITES", ["0", "1", "2", "3"]]);
      expect((await stage.run()).output).toBe("no event");
    },
  },
  {
    id: "called-ambiguous",
    rules: ["22.10"],
    promise: "An ambiguous write in a called workflow ends the caller's item past its try; others go on",
    workflow: small(`await each(["tell", "other"], { key: (x) => x }, async (x) => {
      try { if (x === "tell") await call(give, { how: "tell" }); else await once("other", () => repo.merge({ id: "1" })); } catch { await once("caught", () => repo.merge({ id: "caught" })); }
    });`, { top: GIVE }),
    async play(stage) {
      stage.world.faults.push({ tool: "send", kind: "dropped", written: true });
      const run = await stage.run();
      expect([run.status, run.ambiguous.map(({ label }) => label), stage.world.merged]).toEqual(["needs-attention", ["once given"], ["1"]]);
    },
  },
];
