import { printedSites } from "offstage/exporters/python";
import { type Program, walkNodes } from "offstage/program";
import { expect, test } from "vitest";
import { type Printed, subsetPrograms, workflowPrograms } from "./printed-programs.ts";

/** Every site of a Program but those of loops: steps, calls of helpers that take some. */
function sitesOf(program: Program): readonly string[] {
  const sites: string[] = [];
  walkNodes({ ...program, starts: [] }, (node) => {
    if (node.kind === "call" && node.callSite !== undefined) sites.push(node.callSite);
    else if ("site" in node) sites.push(node.site);
    return true;
  });
  return sites.toSorted();
}

/** Programs in which sites of one callee have another order in the text of Python than in that of TypeScript. */
function reordered(programs: readonly Printed<Program>[]): readonly string[] {
  return programs.filter(({ program }) => {
    const last = new Map<string, number>();
    return printedSites(program).some((site) => {
      const [callee = "", count] = site.program.split("#");
      const isBehind = Number(count) < (last.get(callee) ?? 0);
      last.set(callee, Number(count));
      return isBehind;
    });
  }).map(({ id }) => id);
}

const workflows = workflowPrograms();
const cases = subsetPrograms();

test("every step and every call of a helper that takes steps is printed once, and none beside them", () => {
  for (const { id, program } of [...workflows, ...cases]) expect([id, printedSites(program).map((site) => site.program).filter((site) => !site.startsWith("for#")).toSorted()]).toEqual([id, sitesOf(program)]);
});

test("steps stand in Python in the order of the TypeScript, where one is not inside of another of its kind that has a body of statements", () => {
  expect(reordered(workflows)).toEqual([]);
  expect(reordered(cases)).toEqual(["async.each-nested"]);
});
