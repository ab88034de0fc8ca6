import type { ElementPattern, Expression, FunctionNode } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { UNARY_BUILTINS } from "./builtin-signatures.ts";
import { lastCalls } from "./last-calls.ts";
import { unwrap } from "./literals.ts";
import { at, type Lowering, PLACEHOLDER } from "./lowering.ts";
import { calledName } from "./names.ts";
import { lowerParameter } from "./patterns.ts";
import { declareLocal, type Draft, type FunctionDraft, type FunctionRole, type Helper, withFrame } from "./scope.ts";

/** Lowers an arrow. `helper` is the name it is bound to; others are callbacks of the function around them. */
export function lowerArrow(l: Lowering, arrow: ts.ArrowFunction, role: FunctionRole, helper: Helper | null = null): FunctionDraft {
  const draft = openFunction(l, arrow, role, helper !== null);
  if (helper !== null) helper.draft = draft;
  if (role === "plain" && (isAsync(arrow) || l.facts.returned(arrow).has("promise"))) asyncCallback(l, arrow);
  withFrame(l.scope, draft, (frame) => {
    const parameters: ElementPattern[] = [];
    for (const parameter of arrow.parameters) {
      const lowered = lowerParameter(l, parameter);
      if (parameter.dotDotDotToken === undefined) parameters.push(lowered);
      else draft.node.rest = lowered;
    }
    draft.node.parameters = parameters;
    draft.node.body = ts.isBlock(arrow.body)
      ? l.statements(arrow.body.statements)
      : [{ kind: "return", ...at(l, arrow.body), value: role === "plain" ? l.expression(arrow.body) : l.awaited(arrow.body) }];
    draft.node.slots = frame.names.length;
    l.names[String(draft.node.at)] = frame.names;
  });
  if (helper !== null) refuseHidden(l, arrow, helper.name, draft.lastCalls);
  return draft;
}

/** A helper whose type does not say that its calls have to be awaited, or that its result can be gone through once: nobody would see where they are not. */
function refuseHidden(l: Lowering, arrow: ts.ArrowFunction, name: string, calls: readonly ts.CallExpression[]): void {
  let declaration: ts.Node = arrow;
  while (!ts.isVariableDeclaration(declaration)) {
    if (ts.isSourceFile(declaration)) return;
    declaration = declaration.parent;
  }
  const said = l.facts.returned(declaration.name);
  if (!said.has("promise") && (isAsync(arrow) || calls.some((call) => l.facts.isPromise(call)))) {
    l.faults.error(arrow.type ?? declaration.type ?? declaration, "PROMISE_AS_VALUE", `The type of ${name} hides that its calls have to be awaited.`, "Leave the type out, or write `Promise<…>`.");
  }
  for (const call of said.has("iterator") ? [] : calls.filter((one) => l.facts.kinds(one).has("iterator"))) {
    l.faults.error(call, "ITERATOR_AS_VALUE", "An iterator can be gone through only once.", "Make a list of it: `[...map.keys()]`.");
  }
}

/** A function as a value: what a method, `each` or a helper of one's own is given. */
export function lowerFunctionValue(l: Lowering, node: ts.Expression, role: FunctionRole): Expression {
  const inner = unwrap(node);
  if (ts.isArrowFunction(inner)) return { kind: "function", ...at(l, inner), fn: lowerArrow(l, inner, role).node };
  if (ts.isFunctionExpression(inner)) return refuseFunction(l, inner);
  if (role === "plain" && l.facts.returned(inner).has("promise")) asyncCallback(l, inner);
  const called = calledName(l, inner);
  if (called?.kind === "helper") return called.expression;
  if (called?.kind === "builtin" && UNARY_BUILTINS.has(called.name)) return builtinAsFunction(l, inner, called.name);
  l.faults.error(inner, "FUNCTION_AS_VALUE", "An arrow function, or the name of one, is needed here.", "Write the arrow where it is used: `(item) => …`.");
  return PLACEHOLDER;
}

/** A function in place: an arrow as it stands, or an arrow that hands all its arguments to a helper. */
export function lowerFunctionOf(l: Lowering, node: ts.Expression, role: FunctionRole): FunctionNode {
  const inner = unwrap(node);
  if (ts.isArrowFunction(inner)) return lowerArrow(l, inner, role).node;
  const draft = openFunction(l, inner, role, false);
  withFrame(l.scope, draft, () => {
    const { slot } = declareLocal(l.scope, "args", "parameter");
    draft.node.rest = { pattern: { kind: "bind", slot } };
    draft.node.slots = 1;
    const callee = lowerFunctionValue(l, inner, role);
    const args = [{ spread: { kind: "local", up: 0, slot } as const }];
    const call: Draft<Extract<Expression, { kind: "call" }>> = { kind: "call", ...at(l, inner), callee, args };
    l.calls.push({ node: call, site: l.site(inner.getText(l.source)), source: inner, helper: l.scope.references.get(callee) ?? null, caller: draft });
    draft.node.body = [{ kind: "return", value: callee.kind === "function" || callee.kind === "local" || callee.kind === "global" ? call : PLACEHOLDER }];
  });
  return draft.node;
}

/** What a `function`, method or accessor gets. */
export function refuseFunction(l: Lowering, node: ts.Node): Expression {
  l.faults.error(node, "FUNCTION_NOT_ALLOWED", "Only arrow functions belong to the language.", "Write an arrow: `const name = (item) => …`.");
  return PLACEHOLDER;
}

function openFunction(l: Lowering, source: ts.Node, role: FunctionRole, named: boolean): FunctionDraft {
  const draft: FunctionDraft = {
    node: { ...at(l, source), parameters: [], slots: 0, steps: false, body: [] },
    source, role, outer: l.scope.owner, takesStep: false, pauses: false, uses: [], callbacks: [],
    lastCalls: ts.isArrowFunction(source) && !ts.isBlock(source.body) ? [...lastCalls(source.body)] : [],
  };
  l.scope.functions.push(draft);
  if (!named) l.scope.owner?.callbacks.push(draft);
  return draft;
}

function isAsync(arrow: ts.ArrowFunction): boolean {
  return arrow.modifiers?.some((modifier) => modifier.kind === ts.SyntaxKind.AsyncKeyword) === true;
}

function asyncCallback(l: Lowering, node: ts.Node): void {
  l.faults.error(node, "ASYNC_CALLBACK", "This function is called without being awaited, so it must not wait for anything.", "Use `each` for calls over a list, or make the calls before and pass their results in.");
}

function builtinAsFunction(l: Lowering, node: ts.Node, name: string): Expression {
  const value: Expression = { kind: "builtin", name, args: [{ kind: "local", up: 0, slot: 0 }] };
  const fn: FunctionNode = { ...at(l, node), parameters: [{ pattern: { kind: "bind", slot: 0 } }], slots: 1, steps: false, body: [{ kind: "return", value }] };
  l.names[String(fn.at)] = ["value"];
  return { kind: "function", ...at(l, node), fn };
}
