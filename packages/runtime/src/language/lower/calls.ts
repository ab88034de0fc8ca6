import type { Expression } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { lowerArguments, lowerHelperArguments } from "./arguments.ts";
import { BUILTINS } from "./builtin-signatures.ts";
import { checkDuration } from "./durations.ts";
import { refuseGlobal } from "./identifiers.ts";
import { unwrap } from "./literals.ts";
import { at, type Lowering, PLACEHOLDER } from "./lowering.ts";
import { lowerMember } from "./members.ts";
import { type Called, calledName } from "./names.ts";
import type { Draft } from "./scope.ts";
import { lowerOwn } from "./own.ts";
import { lowerOffer, lowerRecordStep, lowerStateStep, lowerTool } from "./steps.ts";
import { refuseTextOf } from "./texts.ts";
import { lowerVocabulary } from "./vocabulary.ts";

/** Whatever has parentheses. */
export function lowerCall(l: Lowering, node: ts.CallExpression): Expression {
  const callee = unwrap(node.expression);
  const called = node.questionDotToken === undefined ? calledName(l, callee) : null;
  if (called !== null) return lowerCalled(l, node, called);
  if (ts.isPropertyAccessExpression(node.expression)) return lowerMember(l, node);
  if (ts.isIdentifier(callee)) l.expression(callee);
  else l.faults.error(node, "EXPRESSION_NOT_ALLOWED", "Only methods, helpers and tools can be called.", "Give the function a name with `const`, and call it by that.");
  for (const argument of node.arguments) if (!ts.isSpreadElement(argument) && !ts.isArrowFunction(argument)) l.expression(argument);
  return PLACEHOLDER;
}

function lowerCalled(l: Lowering, node: ts.CallExpression, called: Called): Expression {
  switch (called.kind) {
    case "helper":
      return lowerHelperCall(l, node, called);
    case "builtin":
      return lowerBuiltin(l, node, called.name);
    case "global":
      return refuseGlobal(l, node.expression, called.name);
    case "vocabulary":
      return lowerVocabulary(l, node, called.name);
    case "tool":
      return lowerTool(l, node, called);
    case "own":
      return lowerOwn(l, node, called);
    case "offer":
      return lowerOffer(l, node, called);
    case "record":
      return lowerRecordStep(l, node, called);
    case "state":
      return lowerStateStep(l, node, called);
  }
}

function lowerHelperCall(l: Lowering, node: ts.CallExpression, called: Extract<Called, { kind: "helper" }>): Expression {
  const site = l.site(called.name);
  const call: Draft<Extract<Expression, { kind: "call" }>> = { kind: "call", ...at(l, node), callee: called.expression, args: lowerHelperArguments(l, node) };
  l.calls.push({ node: call, site, source: node, helper: called.helper, caller: l.scope.owner });
  return call;
}

function lowerBuiltin(l: Lowering, node: ts.CallExpression, name: string): Expression {
  const first = node.arguments[0];
  if (name === "String" && first !== undefined) refuseTextOf(l, first);
  if (name === "duration" && first !== undefined) checkDuration(l, first);
  if (name === "JSON.stringify" && node.arguments[1] !== undefined && node.arguments[1].kind !== ts.SyntaxKind.NullKeyword) {
    l.faults.error(node.arguments[1], "ARGUMENTS_NOT_ALLOWED", "JSON.stringify takes null as its second argument here.", "Choose the fields by making a new object first.");
  }
  const kinds = first === undefined ? null : l.facts.kinds(first);
  if ((name === "JSON.stringify" || name === "hash") && first !== undefined && (kinds?.has("map") === true || kinds?.has("set") === true || kinds?.has("regexp") === true)) {
    l.faults.error(first, "ARGUMENTS_NOT_ALLOWED", `${name} takes JSON values: a Map or Set would be emptied silently.`, "Make a list or an object of it first: `[...set]`, `Object.fromEntries(map)`.");
  }
  const signature = Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;
  return { kind: "builtin", ...at(l, node), name, args: lowerArguments(l, node, name, signature ?? { min: 0, max: 0 }) };
}

/** `new Map(…)` and `new Set(…)`. */
export function lowerNew(l: Lowering, node: ts.NewExpression): Expression {
  const called = ts.isIdentifier(node.expression) ? calledName(l, node.expression) : null;
  const name = called?.kind === "global" ? called.name : null;
  if (name !== "Map" && name !== "Set") {
    const hint = name === "Date" ? "Time is `now()`, `ago(\"7d\")` and `time(text)` from \"offstage\"." : name === "Error" ? "Use `fail(message)`." : name === "RegExp" ? "Write the pattern as a literal: `/…/`." : "Only Map and Set are made with new.";
    l.faults.error(node, "NEW_NOT_ALLOWED", `new ${node.expression.getText(l.source).slice(0, 40)} does not belong to the language.`, hint);
    return PLACEHOLDER;
  }
  return { kind: "builtin", ...at(l, node), name: `new ${name}`, args: lowerArguments(l, node, `new ${name}`, { min: 0, max: 1, iterable: 0 }) };
}
