import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runProgram } from "../testing/fake-run.ts";
import { generatedProgram, generatedWorld, statements, worldAnswers } from "../testing/generated-programs.ts";

// Longer by hand: npm run test:fuzz compares plans and runs too.
const RUNS = 50;

/** A write as a plan shows it: its step, with the turns of loops that a plan cannot count left open. */
function open(step: string): string {
  return step.replace(/\[(?:\?|\d+)\]/g, "[?]");
}

describe("the writes of a run are among those that its plan showed", () => {
  it("for generated programs, whatever the held writes answer", async () => {
    let programs = 0;
    await fc.assert(
      fc.asyncProperty(statements, fc.array(worldAnswers, { minLength: 8, maxLength: 8 }), async (makes, tries) => {
        const { text, program } = generatedProgram(makes);
        fc.pre(program !== null);
        programs += 1;
        const planWorld = generatedWorld({ answers: [0], fails: [false] });
        const plan = await runProgram(program, planWorld, { phase: "plan" });
        expect(planWorld.called()).not.toContain("create");
        const shown = new Set(plan.ports.requests.map(({ step }) => open(step)));
        for (const answers of tries) {
          const run = await runProgram(program, generatedWorld(answers));
          const unplanned = run.ports.requests.map(({ step }) => open(step)).filter((step) => !shown.has(step));
          expect(unplanned, `${text}\nplanned: ${[...shown].join(" ")}`).toEqual([]);
        }
      }),
      { numRuns: RUNS },
    );
    expect(programs).toBeGreaterThan(RUNS / 2);
  }, 120_000);
});
