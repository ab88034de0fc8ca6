import { unwrap } from "../lower/literals.ts";
import type { Kind } from "../type-facts.ts";
import { ts } from "../typescript.ts";
import { declares } from "./import-edits.ts";
import { fix, type FixContext, type FixMaker, insert, replace, wrap } from "./fix-context.ts";

/** `a == b` where both are of one kind; `a == null` asks for undefined too, and so does what it becomes. */
export const strictEquality: FixMaker = (c, operator) => {
  const node = operator.parent;
  if (!ts.isBinaryExpression(node)) return null;
  const strict = node.operatorToken.kind === ts.SyntaxKind.EqualsEqualsToken ? "===" : "!==";
  const [left, right] = [unwrap(node.left), unwrap(node.right)];
  const nothing = [left, right].filter((side) => side.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(side) && side.text === "undefined"));
  if (nothing.length === 1) return nothingCompared(c, node, strict);
  const kinds = new Set([...c.facts.kinds(node.left), ...c.facts.kinds(node.right)]);
  const [only] = kinds;
  return kinds.size === 1 && only !== undefined && PLAIN.has(only) ? fix(`Write \`${strict}\``, replace(c, operator, strict)) : null;
};

const PLAIN: ReadonlySet<Kind> = new Set(["string", "number", "boolean"]);

function nothingCompared(c: FixContext, node: ts.BinaryExpression, strict: "===" | "!=="): ReturnType<FixMaker> {
  const isNothing = (side: ts.Expression): boolean => ["null", "undefined"].includes(unwrap(side).getText(c.source));
  const value = isNothing(node.left) ? node.right : node.left;
  const kinds = c.facts.kinds(value);
  // What the types say is neither is what a server may leave out all the same: why else would somebody ask.
  const unsaid = kinds.has("any") || !(kinds.has("null") || kinds.has("undefined"));
  const [mayBeNull, mayBeUndefined] = [kinds.has("null") || unsaid, kinds.has("undefined") || unsaid];
  const other = replace(c, isNothing(node.left) ? node.left : node.right, mayBeNull ? "null" : "undefined");
  const both = mayBeNull && mayBeUndefined ? wrap(c, value, "(", " ?? null)") : [];
  return fix(`Write \`${strict} ${mayBeNull ? "null" : "undefined"}\``, replace(c, node.operatorToken, strict), other, ...both);
}

/** `n++` as a statement of its own. */
export const step: FixMaker = (c, node) => {
  if (!(ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) || !ts.isIdentifier(node.operand) || !ts.isExpressionStatement(node.parent)) return null;
  const by = node.operator === ts.SyntaxKind.PlusPlusToken ? "+= 1" : node.operator === ts.SyntaxKind.MinusMinusToken ? "-= 1" : null;
  return by === null ? null : fix(`Write \`${node.operand.text} ${by}\``, replace(c, node, `${node.operand.text} ${by}`));
};

/** A number or truth value joined to a text: JavaScript writes it out, and so does `String`. */
export const joinedText: FixMaker = (c, node) => {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return null;
  const is = (side: ts.Expression, ...kinds: readonly Kind[]): boolean => [...c.facts.kinds(side)].every((kind) => kinds.includes(kind)) && c.facts.kinds(side).size > 0;
  const other = is(node.left, "string") ? node.right : is(node.right, "string") ? node.left : null;
  return other !== null && is(other, "number", "boolean", "string") && !declares(c.source, "String") ? fix("Write it out with `String(…)`", ...wrap(c, other, "String(", ")")) : null;
};

/** A length as a condition; not where it is a value too, as in `list.length || 1`. */
export const comparedLength: FixMaker = (c, node) => {
  const inner = ts.isExpression(node) ? unwrap(node) : node;
  if (!ts.isPropertyAccessExpression(inner) || !["length", "size"].includes(inner.name.text) || inner.questionDotToken !== undefined) return null;
  const { parent } = node;
  if (!isOnlyCondition(node)) return null;
  // `!list.length`: the comparison would bind to the wrong side.
  return ts.isPrefixUnaryExpression(parent) ? fix("Compare with 0", replace(c, parent, `${inner.getText(c.source)} === 0`)) : fix("Compare with 0", insert(node.end, " > 0"));
};

/** Whether nothing but yes or no is made of what stands here. */
function isOnlyCondition(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isParenthesizedExpression(parent)) return isOnlyCondition(parent);
  if (ts.isPrefixUnaryExpression(parent) || ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent)) return true;
  if (ts.isConditionalExpression(parent)) return parent.condition === node || isOnlyCondition(parent);
  return ts.isBinaryExpression(parent) && [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken].includes(parent.operatorToken.kind) && isOnlyCondition(parent);
}

/** A text that may be missing, spliced into a template: it is written as nothing. */
export const missingText: FixMaker = (c, node) => {
  if (!ts.isExpression(node)) return null;
  const kinds = new Set(c.facts.kinds(node));
  const missing = kinds.delete("null") || kinds.delete("undefined");
  kinds.delete("undefined");
  if (!missing || kinds.size === 0 || ![...kinds].every((kind) => kind === "string")) return null;
  const inner = unwrap(node);
  const binds = ts.isConditionalExpression(inner) || ts.isBinaryExpression(inner) || ts.isArrowFunction(inner) || ts.isAwaitExpression(inner);
  return fix('Write nothing where it is missing: `?? ""`', ...(binds && inner === node ? wrap(c, node, "(", ') ?? ""') : [insert(node.end, ' ?? ""')]));
};
