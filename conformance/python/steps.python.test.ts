import { afterAll, expect, test } from "vitest";
import type { FakeTool } from "../../packages/runtime/src/testing/fake-tool.ts";
import { bodyProgram } from "../../packages/runtime/src/testing/compile-source.ts";
import { FakeWorld } from "../../packages/runtime/src/testing/fake-ports.ts";
import { runProgram } from "../../packages/runtime/src/testing/fake-run.ts";
import { placeless } from "../../packages/runtime/src/testing/placeless.ts";
import { SUBSET } from "../subset/index.ts";
import { TOOLS } from "../subset/tools.ts";
import { startPythonEngine } from "./python-engine.ts";

const engine = startPythonEngine();
afterAll(() => engine.close());

/** Steps are spelt in the language's own way: what is compared of a call is its tool and its arguments, in order. */
const called = (world: FakeWorld): unknown => world.calls.map(({ tool, args }) => ({ tool, args }));
test.each(SUBSET)("$id means the same to the interpreter and to Python", async ({ top, body, tools }) => {
  const program = bodyProgram(body, top);
  const [interpreted, world] = [await runProgram(program, new FakeWorld({ ...TOOLS, ...(tools as Readonly<Record<string, FakeTool>> | undefined) })), new FakeWorld({ ...TOOLS, ...tools })];
  const ran = await engine.run(program, world);
  if (!("result" in ran)) throw new Error("crashed" in ran ? ran.crashed : ran.died);
  const result = placeless(interpreted.result);
  expect({ end: ran.result["end"], output: ran.result["output"], error: (ran.result["error"] as { readonly code: string } | null)?.code ?? null }).toEqual({ end: result.end, output: result.output, error: result.error?.code ?? null });
  expect(called(world)).toEqual(called(interpreted.world));
  expect(world.logs).toEqual(interpreted.world.logs);
});
