import type { Faults } from "./faults.ts";
import { ts } from "./typescript.ts";

/** More than a person can review. What a name can be is followed through all statements before it: the checker's time grows with the square. */
const MAX_STATEMENTS = 1000;
/** Each item of a list is compared with each other one, to find their common type. */
const MAX_ITEMS = 1000;

/** Refuses what would take the type checker for ever, before it sees it. False when it must not. */
export function checkSize(source: ts.SourceFile, faults: Faults): boolean {
  let bounded = true;
  const refuse = (node: ts.Node, code: "FUNCTION_TOO_LONG" | "LIST_TOO_LONG", message: string, hint: string): void => {
    if (bounded) faults.error(node, code, message, hint);
    bounded = false;
  };
  /** Counts statements; those of a function inside another stand in the flow of both. */
  const count = (node: ts.Node): number => {
    let own = ts.isStatement(node) && !ts.isBlock(node) ? 1 : 0;
    ts.forEachChild(node, (child) => {
      own += count(child);
    });
    if (ts.isFunctionLike(node) && own > MAX_STATEMENTS) refuse(node, "FUNCTION_TOO_LONG", `This function has ${own} statements; ${MAX_STATEMENTS} are the most that are checked.`, "Keep data in a constant at the top, and split what is done into helpers.");
    const items = ts.isArrayLiteralExpression(node) ? node.elements.filter((item) => ts.isObjectLiteralExpression(item) || ts.isArrayLiteralExpression(item)).length : 0;
    if (items > MAX_ITEMS) refuse(node, "LIST_TOO_LONG", `This list has ${items} objects or lists; ${MAX_ITEMS} are the most that are checked.`, "Keep data out of the module: read it with a tool, or write it as a text and take it apart with `parseCsv`.");
    return own;
  };
  count(source);
  return bounded;
}
