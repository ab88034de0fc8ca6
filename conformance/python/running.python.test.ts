import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { canonicalJson, type Json } from "offstage/base";
import { PRINTED_NAMES, printedSites, printWorkflows } from "offstage/exporters/python";
import { type Program, STEP_KINDS, walkNodes } from "offstage/program";
import { bodyProgram } from "../../packages/runtime/src/testing/compile-source.ts";
import { FakeWorld } from "../../packages/runtime/src/testing/fake-ports.ts";
import { runProgram } from "../../packages/runtime/src/testing/fake-run.ts";
import { subsetPrograms, workflowPrograms } from "./printed-programs.ts";
import { SUBSET } from "../subset/index.ts";
import { expect, test } from "vitest";

const PYTHON = process.env["OFFSTAGE_PYTHON"] ?? "python3";
const SOURCES = fileURLToPath(new URL("../../packages/python/src", import.meta.url));

function python(args: readonly string[], input: string): readonly unknown[] {
  const { status, stdout, stderr, error } = spawnSync(PYTHON, args, { input, encoding: "utf8", env: { ...process.env, PYTHONPATH: SOURCES, PYTHONDONTWRITEBYTECODE: "1" } });
  if (status !== 0) throw new Error(`Python ended: ${error?.message ?? ""}${stderr}`);
  return stdout.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as unknown);
}

/** Whether a run of it asks anything of an engine. A line in the run's story is no question. */
function takesSteps(program: Program): boolean {
  let found = false;
  walkNodes(program, (node) => {
    found ||= node.kind !== "log" && STEP_KINDS.some((kind) => kind === node.kind);
    return true;
  });
  return found || program.records.length > 0 || program.states.length > 0;
}

test("every case without steps gives in Python what the interpreter gives", async () => {
  const programs = SUBSET.map(({ id, top, body }) => ({ id, program: bodyProgram(body, top) })).filter(({ program }) => !takesSteps(program));
  const answers = python([fileURLToPath(new URL("run_printed.py", import.meta.url))], programs.map(({ id, program }) => `${JSON.stringify({ id, text: printWorkflows(program)[0]?.content })}\n`).join(""));
  const expected: unknown[] = [];
  for (const { id, program } of programs) {
    const { result } = await runProgram(program, new FakeWorld({}));
    expected.push({ id, output: canonicalJson(("output" in result ? result.output : null) as Json) });
  }
  expect(programs.length).toBeGreaterThan(160);
  expect(answers).toEqual(expected);
}, 120_000);

test("the engine derives from the text the sites that the printer knows of", () => {
  const programs = [...workflowPrograms(), ...subsetPrograms()];
  const derived = python([fileURLToPath(new URL("derive_sites.py", import.meta.url))], programs.map(({ id, program }) => `${JSON.stringify({ id, text: printWorkflows(program)[0]?.content })}\n`).join(""));
  expect(derived).toEqual(programs.map(({ id, program }) => ({ id, sites: printedSites(program).map((site) => site.python).toSorted() })));
}, 120_000);

test("no name is printed that the package does not have", () => {
  const code = "import json; import offstage; import offstage.javascript; print(json.dumps({'offstage': dir(offstage), 'offstage.javascript': dir(offstage.javascript)}))";
  const [there] = python(["-c", code], "") as readonly Readonly<Record<string, readonly string[]>>[];
  const missing = Object.entries(PRINTED_NAMES).flatMap(([module, names]) => names.filter((name) => there?.[module]?.includes(name) !== true));
  expect(missing).toEqual([]);
});
