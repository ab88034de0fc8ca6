import { type Expression, walkNodes } from "../../program/index.ts";

const known = new WeakMap<Expression, boolean>();

/** Whether evaluating the body of a loop's item comes to one record at most, as far as its text tells. */
export function visitsOne(fn: Expression): boolean {
  const before = known.get(fn);
  if (before !== undefined) return before;
  let ensures = 0;
  // A function of another place, or a loop, may visit any number.
  let others = fn.kind === "function" ? 0 : 1;
  walkNodes(fn, (node) => {
    if (node.kind === "record" && node.operation === "ensure") ensures += 1;
    if (node.kind === "for-of" || node.kind === "each" || node.kind === "poll" || (node.kind === "call" && node.callSite !== undefined)) others += 1;
    return true;
  });
  const found = ensures <= 1 && others === 0;
  known.set(fn, found);
  return found;
}
