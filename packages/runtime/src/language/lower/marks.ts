import { ts } from "../typescript.ts";
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
