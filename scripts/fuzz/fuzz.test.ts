import { expect, test } from "vitest";
import { GLOBAL_BUILTINS, METHODS, OFFSTAGE_BUILTINS, PROPERTIES } from "offstage/program";
import { profiles, strangers, workflows } from "./checker-part.ts";
import { createDraw } from "./draw.ts";
import { GRAMMAR } from "./grammar.ts";
import { expressions, programs, regexes } from "./language-parts.ts";
import { type FuzzPart, runPart } from "./part.ts";
import { PlanWorkflowGrower } from "./plan-workflows.ts";
import { plans } from "./plans-part.ts";
import { ALONE, DEEP, OF_ITEMS, OTHERS, WAITS, WRITES } from "./staged-shapes.ts";
import { StagedWorkflowGrower } from "./staged-workflows.ts";
import { ProgramGrower } from "./statements.ts";
import { textOf } from "./tree.ts";

/** No more than a look: `npm run test:fuzz` is the search. */
const LOOK = { inputs: 1, untilMs: 0, now: () => 0, failures: 10 };

const LOOKS: readonly { readonly name: string; readonly part: FuzzPart; readonly turn: number }[] = [
  { name: "expressions", part: expressions, turn: 1 }, { name: "expressions that wait", part: expressions, turn: 2 }, { name: "programs", part: programs, turn: 0 }, { name: "programs that wait", part: programs, turn: 2 },
  { name: "patterns", part: regexes, turn: 3 }, { name: "broken workflows", part: workflows, turn: 1 }, { name: "workflows that mean something else", part: strangers, turn: 1 }, { name: "broken profiles", part: profiles, turn: 1 }, { name: "plans", part: plans, turn: 0 },
];

test.each(LOOKS)("nothing is found among generated $name", async ({ part, turn }) => {
  const report = await runPart(part, 7, turn, LOOK);
  expect(report.failures).toEqual([]);
  expect(report.inputs).toBeGreaterThan(0);
}, 120_000);

test("the generators use the whole allowlist", () => {
  const draw = createDraw(1);
  const text = [...Object.values(GRAMMAR).flat(), ...Array.from({ length: 60 }, () => textOf(new ProgramGrower(draw).program(true)))].join("\n");
  const calls = [...Object.values(METHODS).flat().map((name) => `.${name}(`), ...GLOBAL_BUILTINS, ...OFFSTAGE_BUILTINS];
  const members = Object.values(PROPERTIES).flat().map((name) => `.${name}`);
  expect([...calls, ...members].filter((name) => !text.includes(name))).toEqual([]);
  const statements = ["const ", "let ", "if (", "else if", "for (const", "break;", "continue;", "return ", "throw fail(", "try {", "catch (", "catch {", "await ", "??=", "||=", "&&=", "+=", "-=", "*=", "/=", "%=", "...", "?.", "${"];
  expect(statements.filter((part) => !text.includes(part))).toEqual([]);
});

test("generated plans have every shape around writes", () => {
  const grower = new PlanWorkflowGrower(createDraw(3));
  for (let count = 0; count < 40; count++) grower.workflow();
  expect([...grower.shapes.keys()].sort()).toEqual(["each", "each parallel", "ensure", "if", "if else", "leave", "once", "once confirm", "once for", "parallel", "per run", "read", "release", "send", "try"]);
});

test("workflows that are generated for three hosts have every shape", () => {
  const grower = new StagedWorkflowGrower(createDraw(3));
  for (let count = 0; count < 40; count++) grower.workflow();
  expect([...grower.shapes.keys()].toSorted()).toEqual([WRITES, WAITS, OTHERS, OF_ITEMS, ALONE, DEEP].flatMap(Object.keys).toSorted());
});
