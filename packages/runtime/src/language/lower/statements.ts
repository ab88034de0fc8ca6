import type { Block, Statement } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { lowerArrow } from "./functions.ts";
import { lastCalls } from "./last-calls.ts";
import { unwrap } from "./literals.ts";
import { at, type Lowering } from "./lowering.ts";
import { markCatch, markTurns } from "./marks.ts";
import { calledName, namedBy } from "./names.ts";
import { lowerCondition } from "./operators.ts";
import { noteLocalType } from "./debug-types.ts";
import { isFresh } from "./freshness.ts";
import { lowerPattern } from "./patterns.ts";
import { refuseStatement } from "./refused-statements.ts";
import { refuseUnlearnt } from "./unlearnt.ts";
import { type Helper, withAssignments, withFrame } from "./scope.ts";

/** Statements in order; declarations of types leave nothing behind. */
export function lowerStatements(l: Lowering, nodes: readonly ts.Statement[]): Block {
  return nodes.flatMap((node) => lowerStatement(l, node));
}

function lowerStatement(l: Lowering, node: ts.Statement): readonly Statement[] {
  if (ts.isVariableStatement(node)) return variables(l, node.declarationList);
  if (ts.isExpressionStatement(node)) return [{ kind: "expression", ...at(l, node), value: effect(l, node.expression) }];
  if (ts.isIfStatement(node)) return [conditional(l, node)];
  if (ts.isForOfStatement(node)) return loop(l, node);
  if (ts.isReturnStatement(node)) return [returned(l, node)];
  if (ts.isThrowStatement(node)) return [thrown(l, node)];
  if (ts.isTryStatement(node)) return [attempt(l, node)];
  if (ts.isBlock(node)) return [{ kind: "block", ...at(l, node), body: l.statements(node.statements) }];
  if (ts.isBreakStatement(node) || ts.isContinueStatement(node)) {
    if (node.label !== undefined) refuseStatement(l, node);
    return [{ kind: ts.isBreakStatement(node) ? "break" : "continue", ...at(l, node) }];
  }
  if (ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isEmptyStatement(node)) return [];
  refuseStatement(l, node);
  return [];
}

function variables(l: Lowering, list: ts.VariableDeclarationList): readonly Statement[] {
  const flags = list.flags & ts.NodeFlags.BlockScoped;
  if (flags !== ts.NodeFlags.Const && flags !== ts.NodeFlags.Let) l.faults.error(list, "VAR_NOT_ALLOWED", "Locals are declared with const or let.", "Write `const`, or `let` when it is assigned again.");
  return list.declarations.map((declaration) => declare(l, declaration, flags === ts.NodeFlags.Let ? "let" : "const"));
}

function declare(l: Lowering, node: ts.VariableDeclaration, declared: "const" | "let"): Statement {
  const arrow = node.initializer === undefined ? undefined : unwrap(node.initializer);
  if (declared === "const" && arrow !== undefined && ts.isArrowFunction(arrow) && ts.isIdentifier(node.name)) {
    const helper: Helper = { name: node.name.text, draft: null };
    const pattern = lowerPattern(l, node.name, { declared, helper });
    return { kind: "declare", ...at(l, node), pattern, value: { kind: "function", ...at(l, arrow), fn: lowerArrow(l, arrow, "helper", helper).node } };
  }
  if (node.initializer !== undefined && ts.isObjectBindingPattern(node.name)) for (const part of node.name.elements) refuseUnlearnt(l, node.initializer, part.propertyName ?? part.name);
  const value = node.initializer === undefined ? ({ kind: "undefined" } as const) : l.expression(node.initializer);
  const pattern = lowerPattern(l, node.name, { declared, fresh: declared === "const" && isFresh(value) });
  noteLocalType(l, node, declared, pattern);
  return { kind: "declare", ...at(l, node), pattern, value };
}

/** A statement that is only an expression: a call in it must have been awaited. */
function effect(l: Lowering, node: ts.Expression): ReturnType<Lowering["expression"]> {
  const inner = unwrap(node);
  if (!ts.isCallExpression(inner) || !l.facts.isPromise(inner)) return l.expression(node);
  l.faults.error(inner, "FLOATING_PROMISE", "Nobody waits for this call.", "Write `await` before it.");
  return l.awaited(node);
}

function conditional(l: Lowering, node: ts.IfStatement): Statement {
  const { result, assigns } = withAssignments(l.scope, () => ({
    test: lowerCondition(l, node.expression), then: branch(l, node.thenStatement), otherwise: node.elseStatement === undefined ? [] : branch(l, node.elseStatement),
  }));
  return { kind: "if", ...at(l, node), ...result, assigns };
}

function branch(l: Lowering, node: ts.Statement): Block {
  return l.statements(ts.isBlock(node) ? node.statements : [node]);
}

function loop(l: Lowering, node: ts.ForOfStatement): readonly Statement[] {
  const name = ts.isVariableDeclarationList(node.initializer) ? node.initializer.declarations[0]?.name : undefined;
  const flags = node.initializer.flags & ts.NodeFlags.BlockScoped;
  if (node.awaitModifier !== undefined) refuseStatement(l, node);
  if (name === undefined || (flags !== ts.NodeFlags.Const && flags !== ts.NodeFlags.Let)) {
    l.faults.error(node.initializer, name === undefined ? "ASSIGNMENT_TARGET" : "VAR_NOT_ALLOWED", "The variable of a loop is declared in it.", "Write `for (const item of items)`.");
    return [];
  }
  const site = l.site("for");
  l.stepNodes.set(site, node);
  markTurns(l, site, node);
  const { result, assigns } = withAssignments(l.scope, () => {
    const items = l.iterable(node.expression);
    return withFrame(l.scope, l.scope.owner, (frame) => {
      const pattern = lowerPattern(l, name, { declared: "loop" });
      const body = branch(l, node.statement);
      l.names[String(at(l, node).at)] = frame.names;
      return { pattern, items, slots: frame.names.length, body };
    });
  });
  return [{ kind: "for-of", ...at(l, node), ...result, loop: site, assigns }];
}

function returned(l: Lowering, node: ts.ReturnStatement): Statement {
  if (node.expression === undefined) return { kind: "return", ...at(l, node) };
  const calls = lastCalls(node.expression);
  l.scope.owner?.lastCalls.push(...calls);
  for (const call of l.scope.tries > 0 ? calls.filter((one) => l.facts.isPromise(one)) : []) l.faults.error(call, "RETURN_WITHOUT_AWAIT", "Without `await` its error would not be caught here.", "Write `return await …`.");
  return { kind: "return", ...at(l, node), value: l.scope.owner?.role === "plain" ? l.expression(node.expression) : l.awaited(node.expression) };
}

function thrown(l: Lowering, node: ts.ThrowStatement): Statement {
  const inner = unwrap(node.expression);
  const named = ts.isIdentifier(inner) ? namedBy(l, inner) : undefined;
  const called = ts.isCallExpression(inner) && ts.isIdentifier(inner.expression) ? calledName(l, inner.expression) : null;
  const allowed = (named?.kind === "local" && named.declared === "catch") || (called?.kind === "builtin" && called.name === "fail");
  if (!allowed) {
    l.faults.error(node, "THROW_NOT_FAIL", "Only `fail(…)` and an error that was caught can be thrown.", "Write `throw fail(\"what is wrong\")`.");
    return { kind: "throw", ...at(l, node), value: { kind: "undefined" } };
  }
  return { kind: "throw", ...at(l, node), value: l.expression(node.expression) };
}

function attempt(l: Lowering, node: ts.TryStatement): Statement {
  if (node.finallyBlock !== undefined) refuseStatement(l, node);
  if (node.catchClause !== undefined) markCatch(l, node.catchClause);
  const { result, assigns } = withAssignments(l.scope, () => {
    l.scope.tries += 1;
    const body = l.statements(node.tryBlock.statements);
    l.scope.tries -= 1;
    const name = node.catchClause?.variableDeclaration?.name;
    const parameter = name === undefined ? undefined : lowerPattern(l, name, { declared: "catch" });
    const handler = node.catchClause === undefined ? [] : l.statements(node.catchClause.block.statements);
    return parameter === undefined ? { body, handler } : { body, parameter, handler };
  });
  return { kind: "try", ...at(l, node), ...result, assigns };
}
