import { calledPrograms, type Program } from "./program.ts";
import { walkNodes } from "./walk-nodes.ts";

/** Whether a run of the program may ask a model, in a workflow that it calls too. */
export function asksModel(program: Program): boolean {
  let found = false;
  for (const one of [program, ...calledPrograms(program)]) {
    walkNodes(one, (node) => {
      found ||= node.kind === "ask";
      return !found;
    });
  }
  return found;
}
