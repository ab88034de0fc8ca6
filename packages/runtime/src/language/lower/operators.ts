import type { BinaryOperator, Expression, Receiver } from "../../program/index.ts";
import type { Kind } from "../type-facts.ts";
import { ts } from "../typescript.ts";
import { unwrap } from "./literals.ts";
import { at, type Lowering, PLACEHOLDER } from "./lowering.ts";
import { markChange, markOperator, markSign } from "./marks.ts";
import { namedBy } from "./names.ts";
import { noteAssignment, refTo } from "./scope.ts";

const K = ts.SyntaxKind;
const BINARY: ReadonlyMap<ts.SyntaxKind, BinaryOperator> = new Map([
  [K.PlusToken, "+"], [K.MinusToken, "-"], [K.AsteriskToken, "*"], [K.SlashToken, "/"], [K.PercentToken, "%"], [K.EqualsEqualsEqualsToken, "==="],
  [K.ExclamationEqualsEqualsToken, "!=="], [K.LessThanToken, "<"], [K.LessThanEqualsToken, "<="], [K.GreaterThanToken, ">"], [K.GreaterThanEqualsToken, ">="],
]);
const LOGICAL: ReadonlyMap<ts.SyntaxKind, "&&" | "||" | "??"> = new Map([[K.AmpersandAmpersandToken, "&&"], [K.BarBarToken, "||"], [K.QuestionQuestionToken, "??"]]);
type AssignOperator = Extract<Expression, { kind: "assign" }>["operator"];
const ASSIGN: ReadonlyMap<ts.SyntaxKind, AssignOperator> = new Map([
  [K.EqualsToken, "="], [K.PlusEqualsToken, "+="], [K.MinusEqualsToken, "-="], [K.AsteriskEqualsToken, "*="], [K.SlashEqualsToken, "/="], [K.PercentEqualsToken, "%="],
  [K.QuestionQuestionEqualsToken, "??="], [K.BarBarEqualsToken, "||="], [K.AmpersandAmpersandEqualsToken, "&&="],
]);

const CHANGES: ReadonlyMap<AssignOperator, BinaryOperator> = new Map([["+=", "+"], ["-=", "-"], ["*=", "*"], ["/=", "/"], ["%=", "%"]]);

/** A binary operator, an assignment, or what is refused among them. `right` lowers the right side of a logical operator. */
export function lowerBinary(l: Lowering, node: ts.BinaryExpression, right: (node: ts.Expression) => Expression = l.expression): Expression {
  const token = node.operatorToken.kind;
  const logical = LOGICAL.get(token);
  if (logical !== undefined) {
    const left = logical === "??" ? l.expression(node.left) : lowerCondition(l, node.left);
    return { kind: "logical", ...at(l, node), operator: logical, left, right: right(node.right) };
  }
  const assign = ASSIGN.get(token);
  if (assign !== undefined) return assignment(l, node, assign);
  const operator = BINARY.get(token);
  if (operator === undefined) return refuseOperator(l, node);
  const on = operandKind(l, node, operator);
  if (operator !== "===" && operator !== "!==") markOperator(l, operator, node);
  return { kind: "binary", ...at(l, node), operator, on, left: l.expression(node.left), right: l.expression(node.right) };
}

/** `!`, `-`, `+`; the rest is refused. */
export function lowerUnary(l: Lowering, node: ts.PrefixUnaryExpression | ts.PostfixUnaryExpression): Expression {
  const operator = node.operator === K.ExclamationToken ? "!" : node.operator === K.MinusToken ? "-" : node.operator === K.PlusToken ? "+" : null;
  if ((operator === "-" || operator === "+") && ts.isPrefixUnaryExpression(node)) markSign(l, operator, node);
  if (operator !== null) return { kind: "unary", ...at(l, node), operator, value: operator === "!" ? lowerCondition(l, node.operand) : l.expression(node.operand) };
  const hint = node.operator === K.PlusPlusToken ? "Write `n += 1`." : node.operator === K.MinusMinusToken ? "Write `n -= 1`." : "Bit operators do not belong to the language.";
  l.faults.error(node, "OPERATOR_NOT_ALLOWED", `The operator ${ts.tokenToString(node.operator) ?? ""} does not belong to the language.`, hint);
  return PLACEHOLDER;
}

/** A value that decides: numbers and functions do not, because 0 or a forgotten call would decide silently. */
export function lowerCondition(l: Lowering, node: ts.Expression): Expression {
  checkCondition(l, node, l.facts.kinds(node));
  return l.expression(node);
}

/** Refuses what `kinds` says is no condition. */
export function checkCondition(l: Lowering, node: ts.Node, kinds: ReadonlySet<Kind>): void {
  if (kinds.has("number")) l.faults.error(node, "CONDITION_NOT_BOOLEAN", "A number is not a condition: 0 would count as no.", "Compare it: `count > 0`, `count !== undefined`.");
  else if (kinds.has("function")) l.faults.error(node, "CONDITION_NOT_BOOLEAN", "A function is not a condition.", "Call it.");
}

/** Which kind of values an operator works on; different kinds on its sides are refused. */
function operandKind(l: Lowering, node: ts.BinaryExpression, operator: BinaryOperator): Receiver {
  if (operator === "===" || operator === "!==") {
    const left = l.facts.receiver(node.left);
    return left === l.facts.receiver(node.right) ? left : "any";
  }
  const [left, right] = [l.facts.kinds(node.left), l.facts.kinds(node.right)];
  const both = (kind: Kind): boolean => [...left, ...right].every((found) => found === kind || found === "any");
  const exact = (kind: Kind): boolean => [...left, ...right].every((found) => found === kind);
  if (operator === "-" || operator === "*" || operator === "/" || operator === "%") return exact("number") ? "number" : "any";
  if (!both("number") && !both("string")) {
    const hint = operator === "+" ? "Write a template: `${a}${b}`; for a value that may be missing, `a ?? \"\"`." : "Compare two numbers or two strings; `time(text)` makes a time of a text.";
    l.faults.error(node, "MIXED_OPERANDS", `The two sides of ${operator} are not both numbers or both strings.`, hint);
    return "any";
  }
  return exact("number") ? "number" : exact("string") ? "string" : "any";
}

function assignment(l: Lowering, node: ts.BinaryExpression, operator: AssignOperator): Expression {
  const target = unwrap(node.left);
  const value = (): Expression => l.expression(node.right);
  if (!ts.isIdentifier(target)) {
    l.faults.error(node.left, "ASSIGNMENT_TARGET", "Only a local declared with `let` can be assigned.", "Make a new value: `{ ...object, field: value }`, `list.map(…)`.");
    value();
    return PLACEHOLDER;
  }
  const named = namedBy(l, target);
  if (named?.kind !== "local") {
    value();
    if (named !== undefined) l.faults.error(target, "OUTER_MUTATION", `${target.text} belongs to the module and cannot be assigned.`, "Keep what changes in a local, or in `state(…)`.");
    return PLACEHOLDER;
  }
  if (!ownedHere(l, target, named.owner)) return value();
  if (operator === "||=" || operator === "&&=") checkCondition(l, target, l.facts.kinds(target));
  const on = operator === "+=" ? operandKind(l, node, "+") : operator === "-=" || operator === "*=" || operator === "/=" || operator === "%=" ? operandKind(l, node, "-") : l.facts.receiver(target);
  const ref = refTo(l.scope, named);
  if (ref === null) return value();
  noteAssignment(l.scope, named);
  const changed = CHANGES.get(operator);
  if (changed !== undefined) markChange(l, changed, target.text, node);
  return { kind: "assign", ...at(l, node), target: ref, operator, on, value: value() };
}

/** Refuses a change of a local from within another function than its own. */
export function ownedHere(l: Lowering, node: ts.Identifier, owner: unknown): boolean {
  if (owner === l.scope.owner) return true;
  l.faults.error(node, "OUTER_MUTATION", `${node.text} belongs to the function around this one.`, "Return the value instead, and use what `each`, `map` or the helper gives back.");
  return false;
}

function refuseOperator(l: Lowering, node: ts.BinaryExpression): Expression {
  const text = ts.tokenToString(node.operatorToken.kind) ?? "";
  if (text === "==" || text === "!=") {
    l.faults.error(node.operatorToken, "LOOSE_EQUALITY", `${text} compares after converting.`, `Write ${text}=; for null and undefined, compare each or use \`??\`.`);
  } else {
    const hints: Readonly<Record<string, string>> = {
      in: "Use `Object.keys(object).includes(key)`, or a Map and `has`.", instanceof: "Tell values apart by a field, or with Array.isArray.", ",": "Write two statements.", "**": "Multiply.",
    };
    l.faults.error(node.operatorToken, "OPERATOR_NOT_ALLOWED", `The operator ${text} does not belong to the language.`, Object.hasOwn(hints, text) ? (hints[text] ?? "") : "Arithmetic is + - * / %.");
  }
  l.expression(node.left);
  l.expression(node.right);
  return PLACEHOLDER;
}
