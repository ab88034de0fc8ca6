import type { BinaryOperator } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { unwrap } from "./literals.ts";
import type { Lowering } from "./lowering.ts";

/** Marks the name through which a step is taken, or a helper called, at a site. */
export function markName(l: Lowering, site: string, node: ts.Node): void {
  const name = rootOf(node);
  if (name !== null) l.marks.push({ kind: ts.isShorthandPropertyAssignment(name.parent) ? "shorthand" : "name", site, start: name.getStart(l.source), end: name.end });
}

/** Marks what a `for…of` goes through. */
export function markTurns(l: Lowering, site: string, { expression }: ts.ForOfStatement): void {
  l.marks.push({ kind: "turns", site, start: expression.getStart(l.source), end: expression.end });
}

/** Marks what a template puts into its text, unless that is surely a text or number. */
export function markText(l: Lowering, node: ts.Expression): void {
  if (sureKind(node) === null) l.marks.push({ kind: "text", start: node.getStart(l.source), end: node.end });
}

/** Marks the two sides of an operator, unless both are surely of one kind. Its sides are lowered after this: of two marks at one place the outer one comes first. */
export function markOperator(l: Lowering, operator: BinaryOperator, { left, right, operatorToken }: ts.BinaryExpression): void {
  if (sureKind(left) !== null && sureKind(left) === sureKind(right)) return;
  l.marks.push({ kind: "operator", operator, start: left.getStart(l.source), sign: operatorToken.getStart(l.source), end: right.end });
}

/** Marks a value with `-` or `+` before it, unless that is surely a number. */
export function markSign(l: Lowering, operator: "-" | "+", node: ts.PrefixUnaryExpression): void {
  if (sureKind(node.operand) !== "number") l.marks.push({ kind: "sign", operator, start: node.getStart(l.source), end: node.end });
}

/** Marks a list with a place in it. In an optional chain what follows is left out with it: there it stays JavaScript's. */
export function markIndex(l: Lowering, node: ts.ElementAccessExpression): void {
  const bracket = node.getChildren(l.source).find(({ kind }) => kind === ts.SyntaxKind.OpenBracketToken);
  if (bracket === undefined || ts.isOptionalChain(node)) return;
  l.marks.push({ kind: "index", start: node.getStart(l.source), bracket: bracket.getStart(l.source), end: node.end });
}

/** Marks `local += value` and its like. */
export function markChange(l: Lowering, operator: BinaryOperator, local: string, { right, operatorToken }: ts.BinaryExpression): void {
  l.marks.push({ kind: "change", operator, local, start: operatorToken.getStart(l.source), end: right.end });
}

/** What a value is whatever servers answered: literals, templates, and what arithmetic gives. */
function sureKind(node: ts.Expression): "number" | "string" | null {
  const inner = unwrap(node);
  if (ts.isNumericLiteral(inner)) return "number";
  if (ts.isStringLiteralLike(inner) || ts.isTemplateExpression(inner)) return "string";
  if (ts.isPrefixUnaryExpression(inner)) return SIGNS.has(inner.operator) ? "number" : null;
  if (!ts.isBinaryExpression(inner)) return null;
  if (inner.operatorToken.kind === ts.SyntaxKind.PlusToken) return sureKind(inner.left) ?? sureKind(inner.right);
  return ARITHMETIC.has(inner.operatorToken.kind) ? "number" : null;
}

const SIGNS: ReadonlySet<ts.SyntaxKind> = new Set([ts.SyntaxKind.MinusToken, ts.SyntaxKind.PlusToken]);
const ARITHMETIC: ReadonlySet<ts.SyntaxKind> = new Set([ts.SyntaxKind.MinusToken, ts.SyntaxKind.AsteriskToken, ts.SyntaxKind.SlashToken, ts.SyntaxKind.PercentToken]);

/** Marks a `catch`: its parameter, or the brace before which there is none. */
export function markCatch(l: Lowering, node: ts.CatchClause): void {
  const body = node.block.getStart(l.source);
  const { variableDeclaration: parameter } = node;
  l.marks.push({ kind: "catch", start: parameter?.getStart(l.source) ?? body, end: parameter?.end ?? body, body });
}

/** Marks an import of names. */
export function markImport(l: Lowering, from: "offstage" | "#servers", node: ts.ImportDeclaration, bindings: ts.NamedImports): void {
  const elements = node.importClause?.isTypeOnly === true ? [] : bindings.elements.filter((element) => !element.isTypeOnly);
  l.marks.push({ kind: "import", from, names: elements.map(({ name, propertyName }) => (propertyName ?? name).text), start: node.getStart(l.source) });
}

/** Marks an import of the owner's own functions. */
export function markOwn(l: Lowering, module: string, names: readonly string[], node: ts.ImportDeclaration): void {
  l.marks.push({ kind: "own", module, names, start: node.getStart(l.source) });
}

/** Marks the import of another workflow. */
export function markWorkflow(l: Lowering, name: string, node: ts.ImportDeclaration): void {
  l.marks.push({ kind: "workflow", name, start: node.getStart(l.source) });
}

/** The identifier that a call or a callee begins with; null when it is none of the language. */
function rootOf(node: ts.Node): ts.Identifier | null {
  let inner = node;
  while (!ts.isIdentifier(inner)) {
    if (ts.isCallExpression(inner) || ts.isPropertyAccessExpression(inner) || ts.isElementAccessExpression(inner) || isWrapper(inner)) inner = inner.expression;
    else return null;
  }
  return inner;
}

function isWrapper(node: ts.Node): node is ts.ParenthesizedExpression | ts.AsExpression | ts.NonNullExpression | ts.SatisfiesExpression | ts.TypeAssertion {
  return ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node) || ts.isSatisfiesExpression(node) || ts.isTypeAssertionExpression(node);
}
