import { unwrap } from "../lower/literals.ts";
import { ts } from "../typescript.ts";
import { fix, type FixContext, type FixMaker, insert, isAssigned, referencesOf, replace } from "./fix-context.ts";
import { importEdits } from "./import-edits.ts";

/** `var` becomes `const` or `let` where no one looks at it from outside its block, or before it. */
export const blockVariable: FixMaker = (c, node) => {
  if (!ts.isVariableDeclarationList(node) || (node.flags & ts.NodeFlags.Using) !== 0) return null;
  const word = node.getFirstToken(c.source);
  const block = ts.isVariableStatement(node.parent) ? node.parent.parent : node.parent;
  if (word?.kind !== ts.SyntaxKind.VarKeyword) return null;
  let assigned = ts.isForStatement(node.parent);
  for (const declaration of node.declarations) {
    if (!ts.isIdentifier(declaration.name)) return null;
    const uses = referencesOf(c, declaration.name);
    if (uses.some((use) => use.getStart(c.source) < declaration.end || use.getStart(c.source) > block.end || ts.isVariableDeclaration(use.parent) && use.parent.name === use)) return null;
    assigned ||= uses.some(isAssigned) || (declaration.initializer === undefined && !ts.isForOfStatement(node.parent));
  }
  return fix(`Write \`${assigned ? "let" : "const"}\``, replace(c, word, assigned ? "let" : "const"));
};

/** A `let` at the top of a module that nothing assigns. */
export const topLevelConstant: FixMaker = (c, node) => {
  if (!ts.isVariableStatement(node)) return null;
  const word = node.declarationList.getFirstToken(c.source);
  const isConstant = node.declarationList.declarations.every(({ name, initializer }) => initializer !== undefined && ts.isIdentifier(name) && !referencesOf(c, name).some((use) => isAssigned(use) || use.getStart(c.source) < node.getStart(c.source)));
  return isConstant && word !== undefined && (word.kind === ts.SyntaxKind.LetKeyword || word.kind === ts.SyntaxKind.VarKeyword) ? fix("Write `const`", replace(c, word, "const")) : null;
};

/** `export const` in a module that exports its workflow only. */
export const withoutExport: FixMaker = (c, node) => {
  const word = ts.isVariableStatement(node) ? node.modifiers?.find(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) : undefined;
  const next = ts.isVariableStatement(node) ? node.declarationList.getStart(c.source) : 0;
  return word === undefined || (ts.isVariableStatement(node) && node.modifiers?.length !== 1) ? null : fix("Leave `export` out", { start: word.getStart(c.source), end: next, text: "" });
};

/** `throw new Error("…")` and `throw "…"`. */
export const thrownFailure: FixMaker = (c, node) => {
  if (!ts.isThrowStatement(node)) return null;
  const thrown = unwrap(node.expression);
  const message = ts.isNewExpression(thrown) && ts.isIdentifier(thrown.expression) && thrown.expression.text === "Error" && thrown.arguments?.length === 1 ? thrown.arguments[0] : thrown;
  const imported = importEdits(c.source, "fail");
  if (message === undefined || imported === null || ![...c.facts.kinds(message)].every((kind) => kind === "string")) return null;
  return fix("Write `throw fail(…)`", ...imported, replace(c, node.expression, `fail(${message.getText(c.source)})`));
};

/** `function f(a) { … }`, `function (a) { … }` and `f(a) { … }` in an object become arrows, where nothing in them says `this`. */
export const arrow: FixMaker = (c, node) => {
  if (ts.isMethodDeclaration(node)) return methodArrow(c, node);
  if (!(ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node)) || node.body === undefined || node.asteriskToken !== undefined || saysThis(node)) return null;
  // An arrow binds more loosely than any operator.
  if (ts.isFunctionExpression(node) && (ts.isBinaryExpression(node.parent) || ts.isAsExpression(node.parent))) return null;
  const word = node.getChildren(c.source).find(({ kind }) => kind === ts.SyntaxKind.FunctionKeyword);
  const { name } = node;
  if (word === undefined || (name !== undefined && !isNamedOnce(c, node, name))) return null;
  const begin = node.typeParameters === undefined ? openParenthesis(c, node) : node.typeParameters.pos - 1;
  const async = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true ? "async " : "";
  if ((node.modifiers?.length ?? 0) > (async === "" ? 0 : 1)) return null;
  const declared = ts.isFunctionDeclaration(node) && name !== undefined ? `const ${name.text} = ` : "";
  const body = node.body.getStart(c.source);
  return fix("Write an arrow", { start: node.getStart(c.source), end: begin, text: declared + async }, insert(body, "=> "), ...(declared === "" ? [] : [insert(node.end, ";")]));
};

function methodArrow(c: FixContext, node: ts.MethodDeclaration): ReturnType<FixMaker> {
  if (node.body === undefined || node.asteriskToken !== undefined || node.questionToken !== undefined || saysThis(node) || !ts.isIdentifier(node.name)) return null;
  const isAsync = node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true;
  return fix("Write an arrow", { start: node.getStart(c.source), end: node.name.end, text: `${node.name.text}: ${isAsync ? "async " : ""}` }, insert(node.body.getStart(c.source), "=> "));
}

/** One declaration, which stands before every use: a `const` is not there before its line. */
function isNamedOnce(c: FixContext, node: ts.FunctionDeclaration | ts.FunctionExpression, name: ts.Identifier): boolean {
  const uses = referencesOf(c, name);
  if (ts.isFunctionExpression(node)) return uses.length === 0;
  return uses.every((use) => use.getStart(c.source) >= node.end && !ts.isFunctionDeclaration(use.parent) && !isAssigned(use));
}

function openParenthesis(c: FixContext, node: ts.FunctionDeclaration | ts.FunctionExpression): number {
  return node.getChildren(c.source).find(({ kind }) => kind === ts.SyntaxKind.OpenParenToken)?.getStart(c.source) ?? node.parameters.pos;
}

function saysThis(node: ts.Node): boolean {
  const look = (at: ts.Node): boolean => at.kind === ts.SyntaxKind.ThisKeyword || at.kind === ts.SyntaxKind.SuperKeyword || (ts.isIdentifier(at) && ["arguments", "this"].includes(at.text)) || ts.forEachChild(at, (child) => look(child) || undefined) === true;
  return look(node);
}

/** `<Type>value`, where it can be told apart from a comparison by its node only. */
export const typeBehind: FixMaker = (c, node) => {
  if (!ts.isTypeAssertionExpression(node)) return null;
  const text = `${node.expression.getText(c.source)} as ${node.type.getText(c.source)}`;
  const { parent } = node;
  const stands = ts.isReturnStatement(parent) || ts.isVariableDeclaration(parent) || ts.isParenthesizedExpression(parent);
  return fix("Write `as`", replace(c, node, stands ? text : `(${text})`));
};
