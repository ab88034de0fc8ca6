import type { Expression, FunctionNode } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { refuseFunction } from "./functions.ts";
import { keyText, unwrap } from "./literals.ts";
import { at, type Lowering, PLACEHOLDER } from "./lowering.ts";

/** JavaScript moves names that are numbers to the front, whatever the text says. */
const NUMERIC = /^(0|[1-9][0-9]*)$/;

interface Branch {
  readonly name: string;
  readonly fn: FunctionNode;
}

/** `parallel({ a: () => …, b: () => … })`: the branches are read off the text, because their names are part of step keys. */
export function lowerParallel(l: Lowering, node: ts.CallExpression): Expression {
  const site = l.step("parallel", node, true);
  const [argument] = node.arguments;
  if (argument === undefined) return PLACEHOLDER; // TypeScript says that it is missing.
  const literal = unwrap(argument);
  if (!ts.isObjectLiteralExpression(literal)) {
    l.faults.error(literal, "NOT_STATIC", "The branches of parallel must be written out here.", "Write `parallel({ a: () => …, b: () => … })`; for a list of any length, use `each` with `parallel`.");
    return PLACEHOLDER;
  }
  return { kind: "parallel", ...at(l, node), site, branches: literal.properties.flatMap((property) => branch(l, property)) };
}

function branch(l: Lowering, property: ts.ObjectLiteralElementLike): readonly Branch[] {
  if (ts.isMethodDeclaration(property) || ts.isAccessor(property)) {
    refuseFunction(l, property);
    return [];
  }
  if (ts.isSpreadAssignment(property)) {
    l.faults.error(property, "NOT_STATIC", "The branches of parallel must be written out here.", "Write each branch by its name.");
    return [];
  }
  const name = keyText(l, property.name);
  if (name !== null && NUMERIC.test(name)) l.faults.error(property.name, "NAME_INVALID", "A number does not name a branch: its place in the order would not be where it is written.", "Name it by a word.");
  const fn = l.functionOf(ts.isShorthandPropertyAssignment(property) ? property.name : property.initializer, "steps");
  return name === null ? [] : [{ name, fn }];
}
