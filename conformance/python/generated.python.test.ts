import fc from "fast-check";
import type { Data } from "offstage/base";
import { afterAll, expect, it } from "vitest";
import { runProgram } from "../../packages/runtime/src/testing/fake-run.ts";
import { generatedProgram, generatedWorld, statements, type WorldAnswers, worldAnswers } from "../../packages/runtime/src/testing/generated-programs.ts";
import { placeless } from "../../packages/runtime/src/testing/placeless.ts";
import { startPythonEngine } from "./python-engine.ts";

const RUNS = 60;
/** Sites are counted in the printed text, where functions of several statements stand before who calls them; and the tools of these programs were renamed after they were compiled. */
const printed = (step: string): string => step.replaceAll("world.lookup#", "world.create#").replaceAll(/#\d+/g, "#");
const sorted = (steps: Iterable<string>): readonly string[] => [...steps].map(printed).toSorted();
/** Members of another kind than was declared. */
const unlikeAnswers: fc.Arbitrary<WorldAnswers> = fc.tuple(worldAnswers, fc.array(fc.option(fc.constantFrom<Data>(true, false, 1, 0, 1e-7, "x", "", [], ["a"], { n: 1 }, { length: 2 }), { nil: undefined }), { minLength: 5, maxLength: 5 })).map(([answers, unlike]) => ({ ...answers, unlike }));
const engine = startPythonEngine();
afterAll(() => engine.close());

it.each([["answers as their types say", worldAnswers], ["answers of other kinds", unlikeAnswers]] as const)("a generated program does the same, step by step, whether it is interpreted or executed by Python: %s", async (_, anyAnswers) => {
  let programs = 0;
  await fc.assert(
    fc.asyncProperty(statements, anyAnswers, async (makes, answers) => {
      const { text, program } = generatedProgram(makes);
      fc.pre(program !== null);
      programs += 1;
      const [interpreted, world] = [await runProgram(program, generatedWorld(answers)), generatedWorld(answers)];
      const ran = await engine.run(program, world);
      if (!("result" in ran)) throw new Error(`${text}\n${JSON.stringify(ran)}`);
      const { end, output, error } = placeless(interpreted.result);
      expect({ text, end: ran.result["end"], output: ran.result["output"], code: (ran.result["error"] as { readonly code: string } | null)?.code }).toEqual({ text, end, output, code: error?.code });
      const steps = (requests: readonly unknown[]): readonly string[] => sorted((requests as readonly { readonly step: string }[]).map(({ step }) => step));
      expect({ text, steps: steps(ran.requests) }).toEqual({ text, steps: steps(interpreted.ports.requests) });
      expect({ text, keys: sorted(world.journal.keys()) }).toEqual({ text, keys: sorted(interpreted.world.journal.keys()) });
    }),
    { numRuns: RUNS },
  );
  expect(programs).toBeGreaterThan(RUNS / 2);
}, 240_000);
