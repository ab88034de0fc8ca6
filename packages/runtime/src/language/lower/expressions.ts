import type { Expression, ObjectEntry, Spreadable } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { lowerCall, lowerNew } from "./calls.ts";
import { refuseFunction } from "./functions.ts";
import { lowerIdentifier } from "./identifiers.ts";
import { keyText, numberConstant, textConstant } from "./literals.ts";
import { at, type Lowering, PLACEHOLDER } from "./lowering.ts";
import { lowerMember } from "./members.ts";
import { lowerBinary, lowerCondition, lowerUnary } from "./operators.ts";
import { lowerRegExp } from "./regular-expressions.ts";
import { lowerTemplate } from "./texts.ts";
import { refuseUnlearnt } from "./unlearnt.ts";

const K = ts.SyntaxKind;

/** A value. Calls that have to be awaited, and iterators, are refused: as values they would mean something else elsewhere. */
export function lowerExpression(l: Lowering, node: ts.Expression): Expression {
  if (ts.isCallExpression(node)) {
    const kinds = l.facts.kinds(node);
    if (kinds.has("promise")) l.faults.error(node, "PROMISE_AS_VALUE", "A call has to be awaited where it is made.", "Write `await` before it; for several at a time, use `each` with `parallel`.");
    else if (kinds.has("iterator")) l.faults.error(node, "ITERATOR_AS_VALUE", "An iterator can be gone through only once.", "Make a list of it: `[...map.keys()]`.");
  }
  return lowerAny(l, node);
}

/** A value where a call is awaited. */
export function lowerAwaited(l: Lowering, node: ts.Expression): Expression {
  if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node)) return lowerAwaited(l, node.expression);
  if (ts.isAwaitExpression(node)) return lowerAwaited(l, node.expression);
  if (ts.isConditionalExpression(node)) return conditional(l, node, l.awaited);
  if (ts.isBinaryExpression(node) && (node.operatorToken.kind === K.AmpersandAmpersandToken || node.operatorToken.kind === K.BarBarToken || node.operatorToken.kind === K.QuestionQuestionToken)) return lowerBinary(l, node, l.awaited);
  return ts.isCallExpression(node) ? lowerAny(l, node) : lowerExpression(l, node);
}

/** A list, map, set or iterator that is gone through at once. */
export function lowerIterable(l: Lowering, node: ts.Expression): Expression {
  refuseUnlearnt(l, node, node);
  return ts.isCallExpression(node) && l.facts.kinds(node).has("iterator") ? lowerAny(l, node) : l.expression(node);
}

function lowerAny(l: Lowering, node: ts.Expression): Expression {
  switch (node.kind) {
    case K.TrueKeyword:
      return { kind: "const", ...at(l, node), value: true };
    case K.FalseKeyword:
      return { kind: "const", ...at(l, node), value: false };
    case K.NullKeyword:
      return { kind: "const", ...at(l, node), value: null };
    case K.RegularExpressionLiteral:
      return lowerRegExp(l, node as ts.RegularExpressionLiteral);
    case K.ParenthesizedExpression:
    case K.AsExpression:
    case K.SatisfiesExpression:
    case K.TypeAssertionExpression:
      return l.expression((node as ts.ParenthesizedExpression).expression);
    default:
      return lowerLiteral(l, node) ?? lowerOperation(l, node) ?? refuse(l, node);
  }
}

function lowerLiteral(l: Lowering, node: ts.Expression): Expression | null {
  if (ts.isNumericLiteral(node)) return numberConstant(l, node);
  if (ts.isStringLiteralLike(node)) return textConstant(l, node, node.text);
  if (ts.isTemplateExpression(node)) return lowerTemplate(l, node);
  if (ts.isObjectLiteralExpression(node)) return { kind: "object", ...at(l, node), entries: node.properties.flatMap((property) => entry(l, property)) };
  if (ts.isArrayLiteralExpression(node)) return { kind: "array", ...at(l, node), items: node.elements.map((item) => arrayItem(l, item)) };
  if (ts.isIdentifier(node)) return lowerIdentifier(l, node);
  if (!ts.isArrowFunction(node)) return null;
  l.faults.error(node, "FUNCTION_AS_VALUE", "A function cannot be kept or handed on as a value here.", "Give it a name with `const`, or write it where it is called.");
  l.functionValue(node, "helper");
  return PLACEHOLDER;
}

function lowerOperation(l: Lowering, node: ts.Expression): Expression | null {
  if (ts.isConditionalExpression(node)) return conditional(l, node, l.expression);
  if (ts.isBinaryExpression(node)) return lowerBinary(l, node);
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return lowerUnary(l, node);
  if (ts.isAwaitExpression(node)) return l.awaited(node.expression);
  if (ts.isNonNullExpression(node)) return (node.flags & ts.NodeFlags.OptionalChain) !== 0 && isMember(node.expression) ? lowerMember(l, node.expression) : l.expression(node.expression);
  if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return lowerMember(l, node);
  if (ts.isCallExpression(node)) return lowerCall(l, node);
  return ts.isNewExpression(node) ? lowerNew(l, node) : null;
}

function isMember(node: ts.Expression): node is ts.PropertyAccessExpression | ts.ElementAccessExpression | ts.CallExpression {
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || ts.isCallExpression(node);
}

function conditional(l: Lowering, node: ts.ConditionalExpression, branch: (node: ts.Expression) => Expression): Expression {
  return { kind: "conditional", ...at(l, node), test: lowerCondition(l, node.condition), then: branch(node.whenTrue), otherwise: branch(node.whenFalse) };
}

function entry(l: Lowering, property: ts.ObjectLiteralElementLike): readonly ObjectEntry[] {
  if (ts.isSpreadAssignment(property)) return [{ kind: "spread", value: spreadObject(l, property.expression) }];
  if (ts.isMethodDeclaration(property) || ts.isAccessor(property)) {
    refuseFunction(l, property);
    return [];
  }
  const key = keyText(l, property.name);
  const value = l.expression(ts.isShorthandPropertyAssignment(property) ? property.name : property.initializer);
  return key === null ? [] : [{ kind: "property", key, value }];
}

function spreadObject(l: Lowering, node: ts.Expression): Expression {
  refuseUnlearnt(l, node, node);
  const wrong = (["array", "string", "map", "set", "number"] as const).find((kind) => l.facts.kinds(node).has(kind));
  if (wrong !== undefined) l.faults.error(node, "SPREAD_NOT_ALLOWED", `This may be ${wrong === "array" ? "an" : "a"} ${wrong}; only objects are spread into objects.`, wrong === "map" ? "Use Object.fromEntries(map)." : "Name the fields that you need.");
  return l.expression(node);
}

function arrayItem(l: Lowering, item: ts.Expression): Spreadable<Expression> {
  if (ts.isSpreadElement(item)) return { spread: l.iterable(item.expression) };
  if (!ts.isOmittedExpression(item)) return l.expression(item);
  l.faults.error(item.parent, "EXPRESSION_NOT_ALLOWED", "A list cannot have holes.", "Write undefined or null.");
  return PLACEHOLDER;
}

/** Everything that has no place in the language. */
function refuse(l: Lowering, node: ts.Expression): Expression {
  if (ts.isFunctionExpression(node)) return refuseFunction(l, node);
  const [code, message, hint] = refusal(node);
  l.faults.error(node, code, message, hint);
  return PLACEHOLDER;
}

function refusal(node: ts.Expression): readonly ["EXPRESSION_NOT_ALLOWED" | "OPERATOR_NOT_ALLOWED" | "THIS_NOT_ALLOWED" | "CLASS_NOT_ALLOWED", string, string] {
  switch (node.kind) {
    case K.ThisKeyword:
    case K.SuperKeyword:
      return ["THIS_NOT_ALLOWED", "There is no `this` in the language.", "Use a constant or an argument."];
    case K.DeleteExpression:
      return ["OPERATOR_NOT_ALLOWED", "`delete` would change a value in place.", "Take the field out: `const { field, ...rest } = object`."];
    case K.TypeOfExpression:
      return ["OPERATOR_NOT_ALLOWED", "`typeof` does not belong to the language.", "Tell values apart by a field, by `=== null`, or with Array.isArray."];
    case K.VoidExpression:
      return ["OPERATOR_NOT_ALLOWED", "`void` does not belong to the language.", "Write undefined."];
    case K.ClassExpression:
      return ["CLASS_NOT_ALLOWED", "There are no classes in the language.", "Use objects and helper arrows."];
    case K.TaggedTemplateExpression:
      return ["EXPRESSION_NOT_ALLOWED", "Tagged templates do not belong to the language.", "Call a helper with the text."];
    case K.BigIntLiteral:
      return ["EXPRESSION_NOT_ALLOWED", "There are no bigints in the language.", "Write large identifiers as text."];
    case K.YieldExpression:
      return ["EXPRESSION_NOT_ALLOWED", "There are no generators in the language.", "Return a list."];
    default:
      return ["EXPRESSION_NOT_ALLOWED", "This expression does not belong to the language.", "See the table of the portable subset in docs/language.md."];
  }
}
