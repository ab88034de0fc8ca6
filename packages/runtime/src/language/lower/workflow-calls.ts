import type { Expression } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { unwrap } from "./literals.ts";
import { at, type Lowering, PLACEHOLDER } from "./lowering.ts";
import { namedBy } from "./names.ts";

/** `call(workflow, inputs)`. */
export function lowerWorkflowCall(l: Lowering, node: ts.CallExpression): Expression {
  const [first, inputs] = node.arguments;
  if (first === undefined || inputs === undefined) return PLACEHOLDER; // TypeScript says which argument is missing.
  const named = ts.isIdentifier(unwrap(first)) ? namedBy(l, unwrap(first) as ts.Identifier) : undefined;
  if (named?.kind !== "workflow") {
    l.faults.error(first, "NOT_STATIC", "Which workflow is called must be told by its import.", "Write `import other from \"./other.ts\"` at the top, and `call(other, { … })`.");
    return PLACEHOLDER;
  }
  const site = l.step(`call.${named.name}`, node, true);
  const given = l.expression(inputs);
  const workflow = calleeOf(l, named.name);
  return workflow === null ? PLACEHOLDER : { kind: "call-workflow", ...at(l, node), site, workflow, inputs: given };
}

/** Its place in the Program's list; null when its import is a fault already. */
function calleeOf(l: Lowering, name: string): number | null {
  const known = l.callees.findIndex(({ program }) => program.name === name);
  if (known !== -1) return known;
  const imported = l.imports.get(name);
  return imported?.kind === "workflow" ? l.callees.push({ program: imported.program, facts: imported.facts }) - 1 : null;
}
