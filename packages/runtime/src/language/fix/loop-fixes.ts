import { unwrap } from "../lower/literals.ts";
import { ts } from "../typescript.ts";
import { fix, type FixContext, type FixMaker, insert, isAssigned, isOwn, referencesOf } from "./fix-context.ts";
import { declares, importEdits } from "./import-edits.ts";

/** The loops that `for…of` is another word for. */
export const loop: FixMaker = (c, node) => countedLoop(c, node) ?? keysLoop(c, node);

/** `for (let i = 0; i < n; i++)` where the body leaves `i` and `n` as they are. */
const countedLoop: FixMaker = (c, node) => {
  if (!ts.isForStatement(node) || node.initializer === undefined || node.condition === undefined || node.incrementor === undefined) return null;
  const counter = counterOf(node.initializer);
  const bound = counter === null ? null : boundOf(node.condition, counter);
  const imported = importEdits(c.source, "range");
  if (counter === null || bound === null || imported === null || !stepsByOne(node.incrementor, counter) || !isSteady(c, bound, node.statement)) return null;
  // The names in the head are its own; one in the body that assigns makes it another loop.
  if (referencesOf(c, counter, node.statement).some(isAssigned)) return null;
  // A `var` may be looked at behind its loop.
  if (referencesOf(c, counter).some((use) => use.getStart(c.source) < node.getStart(c.source) || use.getStart(c.source) > node.end)) return null;
  const close = node.statement.getFullStart();
  const head = `for (const ${counter.text} of range(${bound.getText(c.source)}))`;
  return fix(`Write \`${head}\``, ...imported, { start: node.getStart(c.source), end: close, text: head });
};

function counterOf(initializer: ts.ForInitializer): ts.Identifier | null {
  if (!ts.isVariableDeclarationList(initializer) || initializer.declarations.length !== 1) return null;
  const [declaration] = initializer.declarations;
  const start = declaration?.initializer;
  return declaration !== undefined && ts.isIdentifier(declaration.name) && start !== undefined && ts.isNumericLiteral(start) && start.text === "0" ? declaration.name : null;
}

function boundOf(condition: ts.Expression, counter: ts.Identifier): ts.Expression | null {
  const isLess = ts.isBinaryExpression(condition) && condition.operatorToken.kind === ts.SyntaxKind.LessThanToken && ts.isIdentifier(condition.left) && condition.left.text === counter.text;
  return isLess ? condition.right : null;
}

function stepsByOne(node: ts.Expression, counter: ts.Identifier): boolean {
  if (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) return node.operator === ts.SyntaxKind.PlusPlusToken && ts.isIdentifier(node.operand) && node.operand.text === counter.text;
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusEqualsToken && ts.isIdentifier(node.left) && node.left.text === counter.text && ts.isNumericLiteral(node.right) && node.right.text === "1";
}

/** A bound that is the same in every turn and a whole number from 0: a literal, or the length of a list that nobody changes. */
function isSteady(c: FixContext, bound: ts.Expression, body: ts.Node): boolean {
  if (ts.isNumericLiteral(bound)) return /^\d+$/.test(bound.text);
  if (!ts.isPropertyAccessExpression(bound) || bound.name.text !== "length") return false;
  let root: ts.Expression = bound.expression;
  while (ts.isPropertyAccessExpression(root)) root = root.expression;
  return ts.isIdentifier(root) && !referencesOf(c, root, body).some((use) => isAssigned(use) || (ts.isPropertyAccessExpression(use.parent) && use.parent.name.text === "push"));
}

/** `for (const key in object)`: of an object that holds data, the keys are its own. */
const keysLoop: FixMaker = (c, node) => {
  if (!ts.isForInStatement(node) || !ts.isVariableDeclarationList(node.initializer)) return null;
  const kinds = c.facts.kinds(node.expression);
  const name = node.initializer.declarations[0]?.name;
  if (kinds.size !== 1 || !kinds.has("object") || declares(c.source, "Object") || name === undefined || !ts.isIdentifier(name) || mentions(node.expression, name.text)) return null;
  const text = `Object.keys(${node.expression.getText(c.source)})`;
  const word = node.getChildren(c.source).find(({ kind }) => kind === ts.SyntaxKind.InKeyword);
  if (word === undefined) return null;
  return fix(`Write \`of ${text}\``, { start: word.getStart(c.source), end: node.expression.end, text: `of ${text}` });
};

/** `list.forEach((item) => { … })` as a statement, where nothing returns early and nobody makes the list longer. */
export const forEachLoop: FixMaker = (c, name) => {
  const member = name.parent;
  const call = member.parent;
  if (!ts.isPropertyAccessExpression(member) || member.name.text !== "forEach" || !ts.isCallExpression(call) || !ts.isExpressionStatement(call.parent) || c.facts.receiver(member.expression) !== "array") return null;
  const [callback, ...more] = call.arguments;
  if (callback === undefined || more.length > 0 || member.questionDotToken !== undefined || !ts.isArrowFunction(callback) || callback.modifiers !== undefined || !isSteadyList(c, member.expression, callback.body)) return null;
  const [parameter, ...others] = callback.parameters;
  if (parameter === undefined || others.length > 0 || parameter.initializer !== undefined || parameter.dotDotDotToken !== undefined) return null;
  const names = namesOf(parameter.name);
  if (names.some((one) => referencesOf(c, one, callback.body).some(isAssigned) || mentions(member.expression, one.text)) || leavesEarly(callback.body)) return null;
  const head = `for (const ${parameter.name.getText(c.source)} of ${member.expression.getText(c.source)}) `;
  const body = callback.body;
  return fix(`Write \`${head.trim()}\``, { start: call.getStart(c.source), end: body.getStart(c.source), text: head }, { start: body.end, end: ts.isBlock(body) ? call.parent.end : call.end, text: "" }, ...(ts.isBlock(body) || call.parent.getText(c.source).endsWith(";") ? [] : [insert(call.parent.end, ";")]));
};

/** A list that the body does not make longer: one that is made right here, or a name that nothing is pushed to. */
function isSteadyList(c: FixContext, list: ts.Expression, body: ts.Node): boolean {
  if (isOwn(c, list)) return true;
  let root = unwrap(list);
  while (ts.isPropertyAccessExpression(root)) root = unwrap(root.expression);
  return ts.isIdentifier(root) && !referencesOf(c, root, body).some((use) => isAssigned(use) || isPushed(use));
}

/** `list.push`, and `inputs.list.push`. */
function isPushed(use: ts.Node): boolean {
  const { parent } = use;
  return ts.isPropertyAccessExpression(parent) && parent.expression === use && (parent.name.text === "push" || isPushed(parent));
}

function namesOf(name: ts.BindingName): readonly ts.Identifier[] {
  return ts.isIdentifier(name) ? [name] : name.elements.flatMap((element) => (ts.isOmittedExpression(element) ? [] : namesOf(element.name)));
}

function mentions(node: ts.Node, name: string): boolean {
  return (ts.isIdentifier(node) && node.text === name) || ts.forEachChild(node, (child) => mentions(child, name) || undefined) === true;
}

/** A `return` of this function, not of one inside it. */
function leavesEarly(node: ts.Node): boolean {
  return ts.isReturnStatement(node) || (!ts.isFunctionLike(node) && ts.forEachChild(node, (child) => leavesEarly(child) || undefined) === true);
}
