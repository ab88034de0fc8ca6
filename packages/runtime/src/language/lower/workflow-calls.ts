import type { Expression } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import type { Callee } from "./callee.ts";
import { unwrap } from "./literals.ts";
import { at, type Lowering, PLACEHOLDER } from "./lowering.ts";
import { namedBy } from "./names.ts";

/** `call(workflow, inputs)`. */
export function lowerWorkflowCall(l: Lowering, node: ts.CallExpression): Expression {
  const [first, inputs] = node.arguments;
  if (first === undefined || inputs === undefined) return PLACEHOLDER; // TypeScript says which argument is missing.
  const name = workflowNamed(l, first, "call");
  if (name === null) return PLACEHOLDER;
  const site = l.step(`call.${name}`, node, true);
  const given = l.expression(inputs);
  const workflow = placeIn(l, l.callees, name);
  return workflow === null ? PLACEHOLDER : { kind: "call-workflow", ...at(l, node), site, workflow, inputs: given };
}

/** `start(workflow, key, inputs)`. */
export function lowerWorkflowStart(l: Lowering, node: ts.CallExpression): Expression {
  const [first, key, inputs] = node.arguments;
  if (first === undefined || key === undefined || inputs === undefined) return PLACEHOLDER; // TypeScript says which argument is missing.
  const name = workflowNamed(l, first, "start");
  if (name === null) return PLACEHOLDER;
  const site = l.step(`start.${name}`, node, true);
  const lowered = { key: l.expression(key), inputs: l.expression(inputs) };
  const workflow = placeIn(l, l.started, name);
  return workflow === null ? PLACEHOLDER : { kind: "start-workflow", ...at(l, node), site, workflow, ...lowered };
}

function workflowNamed(l: Lowering, node: ts.Expression, verb: "call" | "start"): string | null {
  const named = ts.isIdentifier(unwrap(node)) ? namedBy(l, unwrap(node) as ts.Identifier) : undefined;
  if (named?.kind === "workflow") return named.name;
  l.faults.error(node, "NOT_STATIC", `Which workflow is ${verb === "call" ? "called" : "started"} must be told by its import.`, `Write \`import other from "./other.ts"\` at the top, and \`${verb === "call" ? "call(other, { … })" : "start(other, key, { … })"}\`.`);
  return null;
}

/** Its place in a list of the Program; null when its import is a fault already. */
function placeIn(l: Lowering, list: Callee[], name: string): number | null {
  const known = list.findIndex(({ program }) => program.name === name);
  if (known !== -1) return known;
  const imported = l.imports.get(name);
  return imported?.kind === "workflow" ? list.push({ program: imported.program, facts: imported.facts }) - 1 : null;
}
