import { afterAll, expect, test } from "vitest";
import { bodyProgram, calledSource } from "../../packages/runtime/src/testing/compile-source.ts";
import { FakeWorld } from "../../packages/runtime/src/testing/fake-ports.ts";
import { runProgram } from "../../packages/runtime/src/testing/fake-run.ts";
import { TOOLS } from "../subset/tools.ts";
import { startPythonEngine } from "./python-engine.ts";

const engine = startPythonEngine();
afterAll(() => engine.close());

const MODULES = { tidy: calledSource("tidy", `const made = await once("k", () => world.create({ n: inputs.n })); log("tidied", inputs.list); return { made, n: inputs.n };`) };
const TOP = `import tidy from "./tidy.ts";`;
const BODIES: Readonly<Record<string, string>> = {
  "is called": `return [await call(tidy, { n: 5 }), await call(tidy, { list: ["b"] })];`,
  "is started": `return await start(tidy, "key", { n: 2 });`,
  "is given an input that it does not have": `try { await call(tidy, inputs as any); return "ran"; } catch (e) { return "caught"; }`,
  "is given a wrong kind": `const x: any = { n: "text" }; return call(tidy, x);`,
};

test.each(Object.entries(BODIES))("another workflow that %s does the same in both languages", async (_name, body) => {
  const program = bodyProgram(body, TOP, "checked", MODULES);
  const options = { scopes: { tidy: "tidy" } };
  const [interpreted, world] = [await runProgram(program, new FakeWorld(TOOLS), options), new FakeWorld(TOOLS)];
  const ran = await engine.run(program, world, options);
  if (!("result" in ran)) throw new Error("crashed" in ran ? ran.crashed : ran.died);
  const { end, output, error } = interpreted.result;
  const seen = ran.result["error"] as { readonly code: string; readonly message: string } | null;
  expect({ end: ran.result["end"], output: ran.result["output"], code: seen?.code, message: seen?.message }).toEqual({ end, output, code: error?.code, message: error?.message });
  // Their steps are spelt in each language's own way.
  const called = ({ calls }: FakeWorld): unknown => calls.map(({ tool, args }) => [tool, args]);
  expect(called(world)).toEqual(called(interpreted.world));
  expect(world.logs).toEqual(interpreted.world.logs);
  expect((ran.requests as typeof interpreted.ports.requests).map(({ identity }) => identity)).toEqual(interpreted.ports.requests.map(({ identity }) => identity));
});
