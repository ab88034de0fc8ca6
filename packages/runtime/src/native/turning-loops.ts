import { type Block, type MetNode, type Program, STEP_KINDS, walkNodes } from "../program/index.ts";

/** The `for…of` loops whose turns are part of step keys: those in which something pauses. */
export function turningLoops(program: Program): ReadonlySet<string> {
  const loops = new Set<string>();
  const visit = (root: unknown, steps: boolean): void =>
    walkNodes(root, (node) => {
      if (node.kind === undefined && node !== root) {
        visit(node, node.steps);
        return false;
      }
      if (node.kind === "for-of" && pauses(node.body, steps)) loops.add(node.loop);
      return true;
    });
  visit(program, false);
  return loops;
}

/** Whether code of a function waits; what it gives to others to call does not count. */
function pauses(body: Block, steps: boolean): boolean {
  let found = false;
  walkNodes(body, (node) => {
    found ||= isPausing(node, steps);
    return !found && node.kind !== "function";
  });
  return found;
}

function isPausing(node: MetNode, steps: boolean): boolean {
  if (node.kind === "call") return steps && node.callSite !== undefined;
  return node.kind !== "now" && node.kind !== "log" && STEP_KINDS.some((kind) => kind === node.kind);
}
