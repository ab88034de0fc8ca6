import { type Expression, FORBIDDEN_NAMES } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { at, type Lowering } from "./lowering.ts";

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** A text constant. */
export function textConstant(l: Lowering, node: ts.Node, value: string): Expression {
  return { kind: "const", ...at(l, node), value: checkedText(l, node, value) };
}

/** A text as the Program may hold it: half a surrogate pair has no UTF-8, so no store, hash or server could carry it. */
export function checkedText(l: Lowering, node: ts.Node, value: string): string {
  if (!LONE_SURROGATE.test(value)) return value;
  l.faults.error(node, "TEXT_SURROGATE", "This text contains half of a surrogate pair, which no server could be sent.", "Write the whole character, or both halves of its escape.");
  return "";
}

/** A number constant. */
export function numberConstant(l: Lowering, node: ts.NumericLiteral): Expression {
  return { kind: "const", ...at(l, node), value: checkedNumber(l, node) };
}

/** A number that every reader of the Program reads alike. */
export function checkedNumber(l: Lowering, node: ts.NumericLiteral): number {
  const value = Number(node.text);
  if (Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))) return value;
  l.faults.error(node, "NUMBER_UNSAFE", "JavaScript cannot hold this number exactly.", "Write identifiers of this size as text, in quotes.");
  return 0;
}

/** False, with a fault, for names that reach what is not data. */
export function allowedName(l: Lowering, node: ts.Node, name: string): boolean {
  if (!(FORBIDDEN_NAMES as readonly string[]).includes(name)) return true;
  l.faults.error(node, "FORBIDDEN_NAME", `The name ${name} reaches what is not data.`, "Use another name; read data whose fields are called so with Object.entries.");
  return false;
}

/** The key that a property's name is, as text; null, with a fault, when it is computed while running. */
export function keyText(l: Lowering, name: ts.PropertyName | ts.Node): string | null {
  if (ts.isIdentifier(name) || ts.isStringLiteral(name) || ts.isNoSubstitutionTemplateLiteral(name)) return allowedName(l, name, name.text) ? checkedText(l, name, name.text) : null;
  if (ts.isNumericLiteral(name)) return String(Number(name.text));
  if (ts.isComputedPropertyName(name) && ts.isStringLiteralLike(name.expression)) return keyText(l, name.expression);
  l.faults.error(name, "DYNAMIC_KEY", "The name of a property must be written out.", "Use a Map, or Object.fromEntries([[key, value]]).");
  return null;
}

/** The expression without what only types need: parentheses, `as`, `satisfies`, `!`. */
export function unwrap(node: ts.Expression): ts.Expression {
  let inner = node;
  while (ts.isParenthesizedExpression(inner) || ts.isAsExpression(inner) || ts.isSatisfiesExpression(inner) || ts.isTypeAssertionExpression(inner) || ts.isNonNullExpression(inner)) inner = inner.expression;
  return inner;
}
