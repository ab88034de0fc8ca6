import { unwrap } from "../lower/literals.ts";
import { ts } from "../typescript.ts";
import { fix, type FixContext, type FixMaker, referencesOf } from "./fix-context.ts";

/** The labels that lead to the same statements; null among them is `default`. */
interface Branch {
  readonly labels: readonly (ts.Expression | null)[];
  readonly clause: ts.CaseOrDefaultClause;
}

/** `switch` over literals, where every branch ends by itself and `default` comes last: the `if … else if` that it is. */
export const chain: FixMaker = (c, node) => {
  if (!ts.isSwitchStatement(node) || !isPlainPath(node.expression)) return null;
  const branches = branchesOf(node.caseBlock.clauses);
  if (branches.length === 0 || branches[0]?.labels.includes(null) === true) return null;
  const value = node.expression.getText(c.source);
  const indent = /[ \t]*$/.exec(c.source.text.slice(0, node.getStart(c.source)))?.[0] ?? "";
  const parts: string[] = [];
  for (const [index, { labels, clause }] of branches.entries()) {
    const isLast = index === branches.length - 1;
    const text = bodyOf(c, clause, isLast, node);
    if (text === null || (labels.includes(null) && !isLast) || !labels.every((label) => label === null || isLiteral(label))) return null;
    const condition = labels.includes(null) ? "" : `if (${labels.map((label) => `${value} === ${label?.getText(c.source) ?? ""}`).join(" || ")}) `;
    parts.push(`${condition}{${text.includes("\n") ? `${text.trimEnd()}\n${indent}` : ` ${text.trim()} `}}`);
  }
  return fix("Write `if … else if …`", { start: node.getStart(c.source), end: node.end, text: parts.join(" else ") });
};

function branchesOf(clauses: readonly ts.CaseOrDefaultClause[]): readonly Branch[] {
  const branches: Branch[] = [];
  let labels: (ts.Expression | null)[] = [];
  for (const [index, clause] of clauses.entries()) {
    labels.push(ts.isCaseClause(clause) ? clause.expression : null);
    if (clause.statements.length === 0 && index < clauses.length - 1) continue;
    branches.push({ labels, clause });
    labels = [];
  }
  return branches;
}

/** The text of a branch without the `break` that ends it; null when it may fall through, breaks elsewhere, or shares a name with another. */
function bodyOf(c: FixContext, clause: ts.CaseOrDefaultClause, isLast: boolean, all: ts.SwitchStatement): string | null {
  const [only] = clause.statements;
  const statements = clause.statements.length === 1 && only !== undefined && ts.isBlock(only) ? only.statements : clause.statements;
  const last = statements.at(-1);
  const breaks = last !== undefined && ts.isBreakStatement(last) && last.label === undefined;
  const kept = breaks ? statements.slice(0, -1) : statements;
  if (!(isLast || breaks || (last !== undefined && (ts.isReturnStatement(last) || ts.isThrowStatement(last) || ts.isContinueStatement(last))))) return null;
  if (kept.some(breaksOut) || kept.some((statement) => isSeenOutside(c, statement, clause, all))) return null;
  const from = statements === clause.statements ? (clause.getChildren(c.source).find(({ kind }) => kind === ts.SyntaxKind.ColonToken)?.end ?? clause.pos) : (only?.getStart(c.source) ?? 0) + 1;
  return kept.length === 0 ? "" : c.source.text.slice(from, kept.at(-1)?.end);
}

/** A `break` of the `switch` itself, somewhere inside a branch. */
function breaksOut(node: ts.Node): boolean {
  if (ts.isBreakStatement(node)) return true;
  if (ts.isFunctionLike(node) || ts.isIterationStatement(node, false) || ts.isSwitchStatement(node)) return false;
  return ts.forEachChild(node, (child) => breaksOut(child) || undefined) === true;
}

/** All branches of a `switch` are one scope: a name of one that another uses cannot have a block of its own. */
function isSeenOutside(c: FixContext, statement: ts.Statement, clause: ts.CaseOrDefaultClause, all: ts.SwitchStatement): boolean {
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) return true;
  if (!ts.isVariableStatement(statement)) return false;
  return statement.declarationList.declarations.some(({ name }) => !ts.isIdentifier(name) || referencesOf(c, name, all).some((use) => use.pos < clause.pos || use.end > clause.end));
}

/** A name, or a member of one: what it is does not change between two looks, and looking does nothing. */
function isPlainPath(node: ts.Expression): boolean {
  const inner = unwrap(node);
  return ts.isIdentifier(inner) || (ts.isPropertyAccessExpression(inner) && isPlainPath(inner.expression));
}

function isLiteral(node: ts.Expression): boolean {
  return ts.isStringLiteralLike(node) || ts.isNumericLiteral(node) || [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword].includes(node.kind);
}
