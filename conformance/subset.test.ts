import { type Expression, GLOBAL_BUILTINS, METHODS, OFFSTAGE_BUILTINS, PROPERTIES, type Statement, STEP_KINDS, WAIT_KINDS, walkNodes } from "offstage/program";
import { expect, test } from "vitest";
import { bodyProgram } from "../packages/runtime/src/testing/compile-source.ts";
import { FakeWorld } from "../packages/runtime/src/testing/fake-ports.ts";
import { runProgram } from "../packages/runtime/src/testing/fake-run.ts";
import { placeless } from "../packages/runtime/src/testing/placeless.ts";
import { runNative } from "../packages/runtime/src/testing/native-run.ts";
import { SUBSET as CASES } from "./subset/index.ts";
import { TOOLS } from "./subset/tools.ts";

/** The other kinds of nodes: expressions, then statements. */
const KINDS: readonly (Expression["kind"] | Statement["kind"])[] = [
  "const", "undefined", "regexp", "local", "global", "template", "object", "array", "function", "conditional", "logical", "unary", "binary", "get", "index", "method", "chain", "call", "builtin", "assign",
  "declare", "expression", "if", "for-of", "break", "continue", "return", "throw", "try", "block",
];

test.each(CASES)("$id means the same to the interpreter and to Node", async ({ top, body, tools, gives }) => {
  const program = bodyProgram(body, top);
  const interpreted = await runProgram(program, new FakeWorld({ ...TOOLS, ...tools }));
  const native = await runNative(program, new FakeWorld({ ...TOOLS, ...tools }));
  expect(interpreted.result).toMatchObject({ end: "completed", error: null, ...(gives === undefined ? {} : { output: gives }) });
  expect(placeless(native.result)).toEqual(placeless(interpreted.result));
  expect(native.world.calls).toEqual(interpreted.world.calls);
  expect(native.world.journal).toEqual(interpreted.world.journal);
  expect(native.world.logs).toEqual(interpreted.world.logs);
});

test("what the two could agree on and both have wrong says what it gives: from section 7 on, the language is ours", () => {
  const isOurs = (rule: string): boolean => Number(rule.split(".")[0]) >= 7;
  expect(CASES.filter(({ rules, gives }) => gives === undefined && rules.some(isOurs)).map(({ id }) => id)).toEqual([]);
});

test("every entry of the allowlist has its case", () => {
  const entries = [...Object.entries(METHODS), ...Object.entries(PROPERTIES)].flatMap(([kind, names]) => names.map((name) => `${kind}.${name}`));
  expect([...entries, ...GLOBAL_BUILTINS, ...OFFSTAGE_BUILTINS].filter((id) => !CASES.some((one) => one.id === id))).toEqual([]);
});

/** Steps that park a run, or lead into another workflow: scenarios play them (`cases/`). The owner's own code has tests of its own: Python has none of it. */
function isInScenarios(kind: string): boolean {
  return WAIT_KINDS.some((wait) => wait === kind) || kind.endsWith("-workflow") || kind === "own";
}

test("every other kind of node has a case in which it occurs", () => {
  const met = new Set<string>();
  for (const { top, body } of CASES) {
    walkNodes(bodyProgram(body, top), (node) => {
      if (node.kind !== undefined) met.add(node.kind);
      return true;
    });
  }
  expect([...STEP_KINDS, ...KINDS].filter((kind) => !met.has(kind) && !isInScenarios(kind))).toEqual([]);
});
