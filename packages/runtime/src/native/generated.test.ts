import fc from "fast-check";
import { expect, it } from "vitest";
import { runProgram } from "../testing/fake-run.ts";
import { generatedProgram, generatedWorld, statements, worldAnswers } from "../testing/generated-programs.ts";
import { runNative } from "../testing/native-run.ts";
import { placeless } from "../testing/placeless.ts";

const RUNS = 40;

it("a generated program does the same, step by step, whether it is interpreted or executed by Node", async () => {
  let programs = 0;
  await fc.assert(
    fc.asyncProperty(statements, worldAnswers, async (makes, answers) => {
      const { text, program } = generatedProgram(makes);
      fc.pre(program !== null);
      programs += 1;
      const interpreted = await runProgram(program, generatedWorld(answers));
      const native = await runNative(program, generatedWorld(answers));
      expect({ text, ...placeless(native.result) }).toEqual({ text, ...placeless(interpreted.result) });
      expect(native.ports.requests.map(({ step }) => step).toSorted()).toEqual(interpreted.ports.requests.map(({ step }) => step).toSorted());
      expect([...native.world.journal.keys()].toSorted()).toEqual([...interpreted.world.journal.keys()].toSorted());
    }),
    { numRuns: RUNS },
  );
  expect(programs).toBeGreaterThan(RUNS / 2);
}, 120_000);
