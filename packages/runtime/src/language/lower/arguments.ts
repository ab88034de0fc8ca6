import type { Expression, Spreadable } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import type { BuiltinSignature } from "./builtin-signatures.ts";
import type { Lowering } from "./lowering.ts";

/** The arguments of a method or pure function, each as its signature wants it. */
export function lowerArguments(l: Lowering, node: ts.CallExpression | ts.NewExpression, name: string, signature: BuiltinSignature): readonly Spreadable<Expression>[] {
  const args = node.arguments ?? [];
  const surplus = args[signature.max];
  if (surplus !== undefined) l.faults.error(surplus, "ARGUMENTS_NOT_ALLOWED", `${name} takes ${signature.max === 1 ? "one argument" : `${signature.max} arguments`} here.`, "Leave the others out.");
  if (args.length < signature.min) {
    const hint = name === "toSorted" ? "Say the order: `toSorted((a, b) => a - b)`, or `(a < b ? -1 : a > b ? 1 : 0)` for texts." : "Give each argument.";
    l.faults.error(node, "ARGUMENTS_NOT_ALLOWED", `${name} needs ${signature.min === 1 ? "an argument" : `${signature.min} arguments`}.`, hint);
  }
  return args.map((argument, index) => {
    if (ts.isSpreadElement(argument)) {
      if (signature.spread !== true) l.faults.error(argument, "SPREAD_NOT_ALLOWED", `The arguments of ${name} cannot be spread.`, "Write them one by one.");
      return { spread: l.iterable(argument.expression) };
    }
    if (signature.callback === index) return l.functionValue(argument, "plain");
    if (signature.iterable === index) return l.iterable(argument);
    if ((name === "replace" || name === "replaceAll") && index === 1 && l.facts.kinds(argument).has("function")) {
      l.faults.error(argument, "ARGUMENTS_NOT_ALLOWED", "A replacement is a text; `$1` and `$<name>` in it stand for groups.", "Write the replacement as text.");
      return { kind: "undefined" };
    }
    return l.expression(argument);
  });
}

/** The arguments of a helper of the module: values, functions, and spreads. */
export function lowerHelperArguments(l: Lowering, node: ts.CallExpression): readonly Spreadable<Expression>[] {
  return node.arguments.map((argument) => {
    if (ts.isSpreadElement(argument)) return { spread: l.iterable(argument.expression) };
    return l.facts.kinds(argument).has("function") ? l.functionValue(argument, "plain") : l.expression(argument);
  });
}
