import { expect } from "vitest";
import type { ConformanceCase } from "../case.ts";
import { small } from "../small-workflow.ts";

const HOUR = 3_600_000;
const MAX_POINTS = 100;
const HELLO = `await once("hello", () => chat.send({ text: "hello" }));`;

/** Modules, what their bodies get, and how they are called. */
export const MODULE_CASES: readonly ConformanceCase[] = [
  {
    id: "module-context",
    rules: ["1.1", "1.3", "8.5"],
    promise: "A body gets inputs, no event when a person started it, and a run whose id and start no crash changes; what it returns is the output",
    workflow: { source: `
import { iso, once, workflow } from "offstage";
import type { StepError } from "offstage";
import { chat } from "#servers";
const code = (error: unknown) => (error as StepError).code;
export default workflow({ name: "context", on: [], inputs: { owner: "acme" }, limits: { writes: 5 } }, async ({ inputs, event, run }) => {
  const who = () => \`\${run.id} \${iso(run.startedAt)} \${event === null ? "nobody" : "somebody"} \${inputs.owner}\`;
  await once.perRun(() => chat.send({ text: who() }));
  await once.perRun(() => chat.send({ text: who() }));
  return { who: who(), none: code({ code: "NONE" }) };
});` },
    async play(stage) {
      const { messages } = stage.world;
      for (let point = 1; point <= MAX_POINTS; point += 1) {
        const before = messages.length;
        const end = await stage.runAndDie(point);
        const said = messages.length;
        await stage.advance(HOUR);
        const next = await stage.run();
        expect(next.output).toEqual({ who: expect.stringMatching(new RegExp(`^${next.id} \\S+ nobody acme$`)), none: "NONE" });
        // Of the killed run: one that says twice who it is says the same.
        const killed = messages.slice(before).filter((text) => !text.startsWith(next.id));
        expect([new Set(killed).size < 2, killed.length < 3]).toEqual([true, true]);
        if (end === "died" && said === before + 1 && killed.length === 2) return;
        if (end === "ended") return expect.unreachable("no run died between its two messages");
      }
      expect.unreachable(`a run had more than ${MAX_POINTS} points`);
    },
  },
  {
    id: "module-renamed",
    rules: ["1.4"],
    promise: "A workflow that says what it was called before keeps what it did; one that does not say so is another one",
    workflow: small(HELLO, { name: "old" }),
    async play(stage) {
      await stage.run();
      for (const [name, options, times] of [["new", `was: "old",`, 1], ["newer", `was: "new",`, 1], ["other", "", 2]] as const) {
        await (await stage.second(small(HELLO, { name, options }))).run();
        expect([name, stage.world.messages.length]).toEqual([name, times]);
      }
    },
  },
  {
    id: "module-inputs",
    rules: ["1.5"],
    promise: "What a run is given stands in the place of the defaults, and what it is not given does not",
    workflow: small(`return { ...inputs, length: inputs.repo.length };`, { options: `inputs: { owner: "acme", repo: "api", deep: { a: 1, b: [true] } }` }),
    async play(stage) {
      expect((await stage.run()).output).toEqual({ owner: "acme", repo: "api", deep: { a: 1, b: [true] }, length: 3 });
      expect((await stage.run({ repo: "web-app", deep: { a: 2, b: [] } })).output).toEqual({ owner: "acme", repo: "web-app", deep: { a: 2, b: [] }, length: 7 });
    },
  },
];
