import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { OffstageError } from "offstage/base";

const TEST = /^([a-z0-9][a-z0-9-]*)(?:\.[a-z0-9-]+)*\.test\.ts$/;

/** The test files of a project, relative to it and sorted: `workflows/leak-tickets.test.ts`, `workflows/leak-tickets.sweep.test.ts`. */
export function testFiles(folder: string): readonly string[] {
  const files = existsSync(join(folder, "workflows")) ? readdirSync(join(folder, "workflows")) : [];
  return files.filter((file) => TEST.test(file)).toSorted().map((file) => `workflows/${file}`);
}

/** The workflow that a test file is named for. */
export function workflowOf(file: string): string {
  return TEST.exec(file.slice("workflows/".length))?.[1] ?? "";
}

/** The test files of one workflow, or of all. Errors: `USAGE` when there are none. */
export function chosenTestFiles(folder: string, workflow: string | undefined): readonly string[] {
  const all = testFiles(folder);
  const chosen = workflow === undefined ? all : all.filter((file) => workflowOf(file) === workflow);
  if (chosen.length > 0) return chosen;
  const names = [...new Set(all.map(workflowOf))].join(", ");
  if (workflow === undefined || names === "") throw new OffstageError("USAGE", "There are no tests yet.", { hint: "Record what a run is told, offstage record <workflow>, and write workflows/<workflow>.test.ts (docs/guides/testing.md)." });
  throw new OffstageError("USAGE", `There is no workflows/${workflow}.test.ts.`, { hint: `There are tests of: ${names}.` });
}
