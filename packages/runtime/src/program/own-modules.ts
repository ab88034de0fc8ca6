import { calledPrograms, type Program } from "./program.ts";
import { walkNodes } from "./walk-nodes.ts";

/** The modules of its owner's code that a run of the program may call, in a workflow that it calls too, sorted: `slug` for `./own/slug.ts`. */
export function ownModules(program: Program): readonly string[] {
  const found = new Set<string>();
  for (const one of [program, ...calledPrograms(program)]) {
    walkNodes(one, (node) => {
      if (node.kind === "own") found.add(node.module);
      return true;
    });
  }
  return [...found].toSorted();
}
