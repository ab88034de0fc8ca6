import type { PyExpression } from "./tree.ts";

/** How strongly an expression holds together: who needs more puts it in parentheses. Numbers are Python's own order. */
export function precedence(expression: PyExpression): number {
  switch (expression.kind) {
    case "named": return 0;
    case "lambda": return 1;
    case "conditional": return 2;
    case "binary": return BINARY[expression.operator] ?? 6;
    case "not": return 5;
    case "minus": return 12;
    case "await": return 13;
    case "literal": return expression.text.startsWith("-") ? 12 : 15;
    default: return 15;
  }
}

const BINARY: Readonly<Record<string, number>> = { or: 3, and: 4, "|": 7, "+": 10, "-": 10, "*": 11, "/": 11, "%": 11 };

/** Which parentheses an expression gets when it is too long for its line: ruff's `needs_parentheses`. */
export function parenthesesOf(expression: PyExpression): "never" | "best-fit" | "multiline" {
  switch (expression.kind) {
    case "name": case "literal": case "string": case "formatted": return "best-fit";
    case "attribute": return isWrapped(expression.value) ? "never" : parenthesesOf(expression.value);
    case "call": return neverFor(isWrapped(expression.callee) ? "never" : parenthesesOf(expression.callee));
    case "subscript": return neverFor(isWrapped(expression.value) ? "never" : parenthesesOf(expression.value));
    case "await": return isWrapped(expression.value, 14) ? "never" : parenthesesOf(expression.value);
    case "lambda": case "conditional": case "binary": case "not": case "minus": case "named": return "multiline";
    default: return "never";
  }
}

function neverFor(of: "never" | "best-fit" | "multiline"): "never" | "multiline" {
  return of === "multiline" ? of : "never";
}

/** It stands in parentheses there. */
function isWrapped(expression: PyExpression, at = 14): boolean {
  return precedence(expression) < at;
}

/** Brackets of its own around something. */
export function ownParentheses(expression: PyExpression): boolean {
  switch (expression.kind) {
    case "list": case "tuple": return expression.items.length > 0;
    case "dict": return expression.entries.length > 0;
    case "call": return expression.args.length > 0;
    case "comprehension": case "subscript": return true;
    default: return false;
  }
}

/** What ruff looks at before it leaves optional parentheses out: `CanOmitOptionalParenthesesVisitor`. */
interface Seen {
  brackets: boolean;
  weakest: number;
  count: number;
  /** Whether the first and the last part have brackets around them; null where there is none yet. */
  first: boolean | null;
  last: boolean;
}

/** True when brackets that are there are rather broken than parentheses added. */
export function canOmitParentheses(expression: PyExpression): boolean {
  const seen: Seen = { brackets: false, weakest: 99, count: 0, first: null, last: false };
  look(seen, expression);
  if (!seen.brackets || seen.count > 1) return false;
  if (seen.weakest === 99 && expression.kind === "lambda") return false;
  if (seen.weakest === ATTRIBUTE) return true;
  return seen.last || seen.first === true;
}

const ATTRIBUTE = 50;

function weaker(seen: Seen, strength: number, count = 1): void {
  if (strength < seen.weakest) Object.assign(seen, { weakest: strength, count: 0 });
  if (strength === seen.weakest) seen.count += count;
}

/** What is broken before parentheses are added; a subscript is not. */
function breaksFirst(expression: PyExpression): boolean {
  return expression.kind !== "subscript" && ownParentheses(expression);
}

function visit(seen: Seen, expression: PyExpression, wrapped: boolean): void {
  seen.last = wrapped || breaksFirst(expression);
  if (wrapped) seen.brackets = true;
  else look(seen, expression);
  seen.first ??= wrapped || breaksFirst(expression);
}

function look(seen: Seen, expression: PyExpression): void {
  switch (expression.kind) {
    case "list": case "tuple": case "dict": case "comprehension":
      seen.brackets = true;
      return;
    case "call": case "subscript": {
      seen.brackets = true;
      const of = expression.kind === "call" ? expression.callee : expression.value;
      visit(seen, of, isWrapped(of));
      seen.last = breaksFirst(expression);
      return;
    }
    case "attribute":
      visit(seen, expression.value, isWrapped(expression.value));
      if (isWrapped(expression.value) || ownParentheses(expression.value)) weaker(seen, ATTRIBUTE);
      seen.last = ownParentheses(expression);
      return;
    case "binary": {
      const own = precedence(expression);
      weaker(seen, own);
      visit(seen, expression.left, precedence(expression.left) < (own === 6 ? 7 : own));
      visit(seen, expression.right, precedence(expression.right) < own + 1 && !(own <= 4 && expression.right.kind === "binary" && expression.right.operator === expression.operator));
      return;
    }
    case "conditional":
      weaker(seen, 2, 2);
      visit(seen, expression.then, isWrapped(expression.then, 3));
      visit(seen, expression.test, isWrapped(expression.test, 3));
      visit(seen, expression.otherwise, isWrapped(expression.otherwise, 2));
      return;
    case "not": case "minus": case "await": case "star":
      seen.first ??= false;
      visit(seen, expression.value, isWrapped(expression.value, expression.kind === "not" ? 5 : expression.kind === "minus" ? 12 : 14));
      return;
    case "lambda":
      seen.first ??= false;
      visit(seen, expression.body, false);
      return;
    default:
  }
}
