import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";
import { small } from "../small-workflow.ts";

const WEEK = 7 * 86_400_000;
const MAX_POINTS = 100;

/** `once` and what becomes of writes. */
export const WRITE_CASES: readonly ConformanceCase[] = [
  {
    id: "write-once-window",
    rules: ["8.4", "22.20"],
    promise: "A once with a window happens once in each, counted from the epoch",
    workflow: small(`await once("weekly", () => chat.send({ text: "week" }), { for: "7d" });`),
    async play(stage) {
      const { messages } = stage.world;
      const { startedAt } = await stage.run();
      const left = WEEK - (startedAt % WEEK);
      await stage.advance(left - 1);
      await stage.run();
      expect(messages).toHaveLength(1);
      await stage.advance(1);
      await stage.run();
      expect(messages).toHaveLength(2);
    },
  },
  {
    id: "write-per-run",
    rules: ["8.5"],
    promise: "once.perRun writes at its place once in each run, at each key of its loops",
    workflow: small(`await each(["a", "b"], { key: (x) => x }, (x) => once.perRun(() => chat.send({ text: \`\${run.id} \${x}\` })));`),
    async play(stage) {
      const ids = [(await stage.run()).id, (await stage.run()).id];
      expect(stage.world.messages).toEqual(ids.flatMap((id) => [`${id} a`, `${id} b`]));
    },
  },
  {
    id: "write-done-is-done",
    rules: ["8.7", "22.22"],
    promise: "What is done is done, whatever its arguments are now; what failed provably is attempted again by a later run",
    workflow: small(`
      const sent = await once("told", () => chat.send({ text: inputs.text }));
      try { return [sent.text, (await once("made", () => tracker.create({ label: "a", summary: inputs.text }))).key]; } catch (error) { return [sent.text, (error as StepError).code]; }`, { options: `inputs: { text: "a" }` }),
    async play(stage) {
      const { world } = stage;
      world.faults.push({ tool: "create", kind: "error-text", written: false, text: "Error: validation failed: summary" });
      expect((await stage.run()).output).toEqual(["sent", "TOOL_FAILED"]);
      expect((await stage.run({ text: "b" })).output).toEqual(["sent", "T-1"]);
      expect((await stage.run({ text: "c" })).output).toEqual(["sent", "T-1"]);
      expect([world.messages, world.tickets.get("T-1")?.summary, world.count("create")]).toEqual([["a"], "b", 2]);
    },
  },
  {
    id: "write-held-output",
    rules: ["17.2", "17.3", "20.4"],
    promise: "What code returns behind a held write it returns as if it had been made, and the run says what it holds; where a handler may have ended it, the interpreter does not know, and what executes the text gives what the text came to",
    workflow: small(`
      return await each(["plain", "guarded"], { key: (x) => x }, async (x) => {
        if (x === "plain") {
          await once("plain", () => chat.send({ text: x }));
          return "plain told";
        }
        try {
          await once("guarded", () => chat.send({ text: x }));
          return "guarded told";
        } catch (error) {
          return "guarded " + (error as StepError).code;
        }
      });`),
    approve: ["chat.send"],
    async play(stage) {
      const run = await stage.run();
      expect(run).toMatchObject({ status: "pending", output: ["plain told", stage.followsUnknown ? null : "guarded told"], held: [{ label: "once plain" }, { label: "once guarded" }] });
      expect(stage.world.messages).toEqual([]);
      expect(await stage.approveAll()).toMatchObject({ status: "succeeded", output: ["plain told", "guarded told"], held: [] });
      expect(stage.world.messages).toEqual(["plain", "guarded"]);
    },
  },
  {
    id: "write-confirm",
    rules: ["8.8", "8.10", "19.10"],
    promise: "A write whose answer was lost is settled by what confirm finds, or finds missing where that proves it; a lagging search proves it later",
    workflow: small(`
      const bought = await once("buy", () => shop.buy({ item: "apple" }), { confirm: async () => ((await shop.has({ item: "apple" })).has ? { item: "found" } : null) });
      const made = await once("make", () => tracker.create({ label: "a", summary: "s" }), { confirm: async () => (await tracker.search({ label: "a" })).at(0) ?? null });
      return [bought.item, made.key];`),
    async play(stage) {
      const { world } = stage;
      world.faults.push({ tool: "buy", kind: "dropped", written: true }, { tool: "create", kind: "dropped", written: true });
      for (const unknown of ["once buy", "once make"]) {
        expect((await stage.run()).ambiguous.map(({ label }) => label)).toEqual([unknown]);
        // The search does not show it yet, which proves nothing.
        if (unknown === "once make") expect((await stage.run()).status).toBe("needs-attention");
        await stage.advance(60_000);
      }
      expect((await stage.run()).output).toEqual(["found", "T-1"]);
      expect([world.shop.bought, world.count("create")]).toEqual([["apple"], 1]);
    },
  },
  {
    id: "write-not-there",
    rules: ["8.10"],
    promise: "A lost write that a consistent read does not find did not happen, and is made again; one that nobody looks for is not",
    workflow: small(`
      const bought = await once("buy", () => shop.buy({ item: "apple" }), { confirm: async () => ((await shop.has({ item: "apple" })).has ? { item: "found" } : null) });
      await once("tell", () => chat.send({ text: bought.item }));`),
    async play(stage) {
      const { world } = stage;
      world.faults.push({ tool: "buy", kind: "dropped", written: false }, { tool: "send", kind: "dropped", written: false });
      for (const unknown of ["once buy", "once tell", "once tell"]) {
        expect((await stage.run()).ambiguous.map(({ label }) => label)).toEqual([unknown]);
        await stage.advance(60_000);
      }
      expect([world.shop.bought, world.count("buy"), world.count("send"), world.messages]).toEqual([["apple"], 2, 1, []]);
    },
  },
  {
    id: "write-model-proves-nothing",
    rules: ["22.9"],
    promise: "A model that confirm asks never shows that a write did not happen",
    workflow: small(`await once("tell", () => chat.send({ text: "hello" }), { confirm: async () => {
      const { there } = await ask({ prompt: "Is it there?", schema: { type: "object", properties: { there: { type: "boolean" } }, required: ["there"] }, maxTokens: 9 });
      return there ? { text: "sent" } : null;
    } });`),
    async play(stage) {
      const { world } = stage;
      world.modelSays = { there: false };
      world.faults.push({ tool: "send", kind: "dropped", written: true });
      for (let run = 0; run < 2; run += 1) {
        expect((await stage.run()).status).toBe("needs-attention");
        await stage.advance(60_000);
      }
      expect([world.count("ask") > 0, world.messages]).toEqual([true, ["hello"]]);
    },
  },
  {
    id: "write-lost-value",
    rules: ["22.21"],
    promise: "A once whose write was done and whose value was lost runs its function again, with the write answered from the ledger",
    workflow: small(`
      const [item] = await repo.list_items({});
      return await once(\`make:\${item?.id ?? ""}\`, async () => {
        const { key } = await tracker.create({ label: item?.id ?? "", summary: "made" });
        const { summary } = await tracker.get({ key });
        return { key, summary };
      });`),
    async play(stage) {
      const { world } = stage;
      let again = 0;
      for (let point = 1; point <= MAX_POINTS; point += 1) {
        const id = `item-${point}`;
        world.items = [{ id, title: id }];
        const end = await stage.runAndDie(point);
        const created = world.count("create");
        const run = await stage.run();
        const made = [...world.tickets.values()].filter(({ label }) => label === id);
        expect(made.length).toBeLessThan(2);
        expect(run.status === "needs-attention" ? run.ambiguous.length : run.output).toEqual(run.status === "needs-attention" ? 1 : { key: made[0]?.key, summary: "made" });
        if (end === "died" && run.status === "succeeded" && created === world.count("create")) again += 1;
        if (end === "ended") return void expect([point > 8, again > 0]).toEqual([true, true]);
      }
      expect.unreachable(`a run had more than ${MAX_POINTS} points`);
    },
  },
  {
    id: "write-limits",
    rules: ["22.23"],
    promise: "limits.writes counts what was sent, not what failed, nor what was done before",
    workflow: small(`await each(["no", "a", "b", "c"], { key: (x) => x, onError: "continue" }, (x) => once(x, () => tracker.create({ label: x, summary: x })));`, { writes: 2 }),
    async play(stage) {
      const { world } = stage;
      world.faults.push({ tool: "create", kind: "error-text", written: false, text: "Error: validation failed" });
      expect(await stage.run()).toMatchObject({ status: "failed", error: { code: "LIMIT_WRITES" } });
      expect([...world.tickets.values()].map(({ label }) => label)).toEqual(["a", "b"]);
      expect((await stage.run()).status).toBe("succeeded");
      expect([...world.tickets.values()].map(({ label }) => label)).toEqual(["a", "b", "no", "c"]);
    },
  },
  {
    id: "write-unreadable",
    rules: ["16.2", "22.35"],
    promise: "A write whose answer cannot be read is done, and not done again; nobody catches that",
    workflow: small(`try { return (await once("make", () => tracker.create({ label: "a", summary: "s" }))).key; } catch { return "caught"; }`),
    async play(stage) {
      stage.world.faults.push({ tool: "create", kind: "broken-result", written: true });
      expect(await stage.run()).toMatchObject({ status: "failed", error: { code: "RESULT_UNREADABLE" } });
      expect(await stage.run()).toMatchObject({ status: "failed", error: { code: "RESULT_UNREADABLE" } });
      expect(stage.world.count("create")).toBe(1);
    },
  },
  {
    id: "write-idempotent",
    rules: ["8.10", "19.9"],
    promise: "A lost write of a tool that is idempotent, for these arguments, is settled by repeating it",
    workflow: small(`return [(await once("book", () => shop.book({ action: inputs.action, item: "apple" }))).booked];`, { options: `inputs: { action: "book" }` }),
    async play(stage) {
      const { world } = stage;
      world.faults.push({ tool: "book", kind: "dropped", written: true });
      expect((await stage.run()).status).toBe("needs-attention");
      expect((await stage.run()).output).toEqual([true]);
      expect([world.shop.booked, world.count("book")]).toEqual([["apple"], 2]);
    },
  },
  {
    id: "write-failed-success",
    rules: ["19.6"],
    promise: "A success that the profile calls a failure is an error that may be caught, and nothing happened: a later run tries again",
    workflow: small(`try { return (await once("book", () => shop.book({ action: "book", item: "milk" }))).booked; } catch (error) { return (error as StepError).code; }`),
    async play(stage) {
      expect((await stage.run()).output).toBe("TOOL_FAILED");
      stage.world.shop.goods = ["milk"];
      expect((await stage.run()).output).toBe(true);
    },
  },
];
