import type { Fix, TextEdit } from "../../base/index.ts";
import type { TypeFacts } from "../type-facts.ts";
import { ts } from "../typescript.ts";

/** What the makers of fixes look at. */
export interface FixContext {
  readonly source: ts.SourceFile;
  readonly facts: TypeFacts;
}

/** Makes the fix of a fault at a node; null where it is not mechanical there. */
export type FixMaker = (c: FixContext, node: ts.Node) => Fix | null;

/** An edit that puts a text in. */
export function insert(at: number, text: string): TextEdit {
  return { start: at, end: at, text };
}

/** An edit that puts a text in place of a node. */
export function replace(c: FixContext, node: ts.Node, text: string): TextEdit {
  return { start: node.getStart(c.source), end: node.end, text };
}

/** Edits around a node. */
export function wrap(c: FixContext, node: ts.Node, before: string, after: string): readonly TextEdit[] {
  return [insert(node.getStart(c.source), before), insert(node.end, after)];
}

/** A fix with its edits in source order. */
export function fix(title: string, ...edits: readonly TextEdit[]): Fix {
  return { title, edits: edits.toSorted((a, b) => a.start - b.start || a.end - b.end) };
}

/** Every identifier below `root` that means the same as `name`, itself left out. */
export function referencesOf(c: FixContext, name: ts.Identifier, root: ts.Node = c.source): readonly ts.Identifier[] {
  const symbol = c.facts.symbol(name);
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === name.text && node !== name && c.facts.symbol(node) === symbol) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

/** True for a name that is assigned where it stands. */
export function isAssigned(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken;
  if (ts.isBinaryExpression(parent) && parent.left === node) return parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment;
  return isTarget(node) || ((ts.isForOfStatement(parent) || ts.isForInStatement(parent)) && parent.initializer === node);
}

/** Part of a pattern that is assigned: `[a, b] = …`, `({ a } = …)`. */
function isTarget(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBinaryExpression(parent)) return parent.left === node && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return (ts.isArrayLiteralExpression(parent) || ts.isObjectLiteralExpression(parent) || ts.isPropertyAssignment(parent) || ts.isShorthandPropertyAssignment(parent) || ts.isSpreadElement(parent)) && isTarget(parent);
}

/** A list that was made right here: what changes it in place and what makes a new one are the same. */
export function isOwn(c: FixContext, node: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(node)) return isOwn(c, node.expression);
  if (ts.isArrayLiteralExpression(node)) return true;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  return ["map", "filter", "flatMap", "flat", "slice", "concat", "split", "toSorted", "toReversed", "keys", "values", "entries", "from"].includes(node.expression.name.text) && c.facts.receiver(node) === "array";
}
