import type { Expression } from "../../program/index.ts";
import type { Kind } from "./frames.ts";
import { constantOf, printConstant } from "./constants.ts";
import { VALUES } from "./library.ts";
import { isCount, isPlainlyTrue, isTextOrAbsent, kindOf } from "./kinds.ts";
import { RECKONS } from "./frames.ts";
import { library, noteGiven, type Printing, slotOf } from "./printing.ts";
import { binary, call, literal, name, type PyExpression, string } from "./tree.ts";

type Of<K extends Expression["kind"]> = Extract<Expression, { readonly kind: K }>;

/** An expression where Python decides by it. */
export function printCondition(p: Printing, e: Expression): PyExpression {
  if (e.kind === "unary" && e.operator === "!") return negated(p, e.value);
  if (e.kind === "logical" && e.operator !== "??") return binary(e.operator === "&&" ? "and" : "or", printCondition(p, e.left), printCondition(p, e.right));
  const value = p.expression(e);
  return isPlainlyTrue(kindOf(p, e)) ? value : call(library(VALUES.truthy), value);
}

/** `not` of a condition. */
function negated(p: Printing, e: Expression): PyExpression {
  if (e.kind === "binary" && (e.operator === "===" || e.operator === "!==")) return equality(p, { ...e, operator: e.operator === "===" ? "!==" : "===" });
  if (e.kind === "unary" && e.operator === "!") return asBoolean(p, e.value);
  return { kind: "not", value: printCondition(p, e) };
}

/** `!!value`: a boolean, whatever the value is. */
function asBoolean(p: Printing, e: Expression): PyExpression {
  return kindOf(p, e) === "boolean" ? p.expression(e) : call(library(VALUES.truthy), p.expression(e));
}

/** A value that is looked at, then used: its own name where it is one, else one that is kept for it, after the member that it is. */
export function kept(p: Printing, value: PyExpression): { readonly first: PyExpression; readonly again: PyExpression } {
  if (value.kind === "name") return { first: value, again: value };
  const named = p.names.take(memberOf(value) ?? "value");
  return { first: { kind: "named", name: named, value }, again: name(named) };
}

/** `get(value, "name")` and `value["name"]`: the name. */
function memberOf(value: PyExpression): string | null {
  const last = value.kind === "subscript" ? value.index : value.kind === "call" ? value.args.at(-1) : undefined;
  const key = last?.kind === "positional" ? last.value : last;
  const isRead = value.kind === "subscript" || (value.kind === "call" && value.callee.kind === "name" && (value.callee.name === VALUES.get || value.callee.name === VALUES.maybeGet));
  return isRead && key?.kind === "string" && /^[A-Za-z][A-Za-z0-9_]*$/.test(key.value) ? key.value : null;
}

/** A value that is there without anything being done for it: it may be given before it is known to be needed. */
export function isAtHand(p: Printing, e: Expression): boolean {
  switch (e.kind) {
    case "const": case "undefined": case "global": return true;
    case "local": return slotOf(p, e).read === undefined;
    case "array": return e.items.every((one) => !("spread" in one) && isAtHand(p, one));
    case "object": return e.entries.every((one) => one.kind === "property" && isAtHand(p, one.value));
    default: return false;
  }
}

/** A value with another one in place of what is absent: a chain that gives something for sure, unless it ends before, has it where it ends. */
function insteadOf(p: Printing, e: Expression, value: PyExpression, fallback: PyExpression): PyExpression {
  const kind = e.kind === "chain" ? kindOf(p, e.value) : "any";
  const isCut = value.kind === "conditional" && value.then.kind === "name" && value.then.name === VALUES.undefined;
  return isCut && kind !== "any" && kind !== "none" && kind !== "undefined" ? { ...value, then: fallback } : call(library(VALUES.coalesce), value, fallback);
}

/** `&&`, `||` and `??` as values. */
export function printLogical(p: Printing, e: Of<"logical">): PyExpression {
  const left = kindOf(p, e.left);
  if (e.operator === "??") {
    // Of texts only the empty one is as nothing is.
    if (isTextOrAbsent(p, e.left) && e.right.kind === "const" && e.right.value === "") return binary("or", p.expression(e.left), string(""));
    const given = p.expression(e.left);
    if (isAtHand(p, e.right)) return insteadOf(p, e.left, given, p.expression(e.right));
    const value = kept(p, given);
    return { kind: "conditional", test: { kind: "not", value: call(library(VALUES.absent), value.first) }, then: value.again, otherwise: p.expression(e.right) };
  }
  if (isPlainlyTrue(left)) return binary(e.operator === "&&" ? "and" : "or", p.expression(e.left), p.expression(e.right));
  const given = p.expression(e.left);
  if (e.operator === "||" && isAtHand(p, e.right)) return call(library(VALUES.orElse), given, p.expression(e.right));
  const value = kept(p, given);
  const test = call(library(VALUES.truthy), value.first);
  const right = p.expression(e.right);
  return e.operator === "||" ? { kind: "conditional", test, then: value.again, otherwise: right } : { kind: "conditional", test, then: right, otherwise: value.again };
}

/** `!`, `-` and `+`. */
export function printUnary(p: Printing, e: Of<"unary">): PyExpression {
  if (e.operator === "!") return negated(p, e.value);
  const constant = printConstant(p, e);
  if (constant !== null) return constant;
  return call(library(e.operator === "-" ? VALUES.negative : VALUES.plus), p.expression(e.value));
}

/** Arithmetic, comparison, equality. */
export function printBinary(p: Printing, e: Of<"binary">): PyExpression {
  if (e.operator === "===" || e.operator === "!==") return equality(p, e);
  const constant = printConstant(p, e);
  if (constant !== null) return constant;
  const on = sureKind(kindOf(p, e.left), kindOf(p, e.right));
  const [left, right] = [p.expression(e.left), p.expression(e.right)];
  if (isCount(p, e)) return binary(e.operator, left, right);
  return on === "number" && isExact(p, e.operator, e.left, e.right) ? call(library(VALUES.num), binary(e.operator, left, right)) : combine(e.operator, on, left, right);
}

/** Whether Python reckons with two numbers as JavaScript does: by a positive one that is written out, no sign of a zero is lost, and nothing is divided by zero. */
function isExact(p: Printing, operator: string, left: Expression | null, right: Expression): operator is "*" | "/" {
  return (operator === "*" && ((left !== null && isPositive(p, left)) || isPositive(p, right))) || (operator === "/" && isPositive(p, right));
}

function isPositive(p: Printing, e: Expression): boolean {
  const value = constantOf(p, e);
  return value !== null && value > 0 && Number.isFinite(value);
}

/** What both sides are, where that is sure: beside a text stands another one, or what Python refuses to put to it as well. */
function sureKind(left: Kind, right: Kind): "string" | "number" | "any" {
  if (left === "string" || right === "string") return "string";
  return left === "number" && right === "number" ? "number" : "any";
}

/** Two texts in one. Python would leave the halves of a character apart that meet there, so where these may meet they are put together. */
export function concatenated(left: PyExpression, right: PyExpression): PyExpression {
  return isWholeAt(left, "end") || isWholeAt(right, "start") ? binary("+", left, right) : call(library(VALUES.add), left, right);
}

/** No half of a character stands at that end of a text. */
export function isWholeAt(value: PyExpression, end: "start" | "end"): boolean {
  switch (value.kind) {
    case "string": return value.value !== "" && !HALF.test(end === "start" ? value.value.slice(0, 1) : value.value.slice(-1));
    case "formatted": {
      const part = end === "start" ? value.parts[0] : value.parts.at(-1);
      return typeof part === "string" && isWholeAt({ kind: "string", value: part }, end);
    }
    case "binary": return value.operator === "+" && isWholeAt(end === "start" ? value.left : value.right, end);
    default: return false;
  }
}

const HALF = /[\ud800-\udfff]/;

/** An operator over two values that are there. */
export function combine(operator: "+" | "-" | "*" | "/" | "%" | "<" | "<=" | ">" | ">=", on: "string" | "number" | "any", left: PyExpression, right: PyExpression): PyExpression {
  switch (operator) {
    case "+":
      if (on === "string") return concatenated(left, right);
      return on === "number" ? call(library(VALUES.num), binary("+", left, right)) : call(library(VALUES.add), left, right);
    case "-":
      return on === "number" ? call(library(VALUES.num), binary("-", left, right)) : call(library(VALUES.subtract), left, right);
    case "*":
      return call(library(VALUES.multiply), left, right);
    case "/":
      return call(library(VALUES.divide), left, right);
    case "%":
      return call(library(VALUES.remainder), left, right);
    default:
      return on === "number" ? binary(operator, left, right) : call(library(LESS[operator]), left, right);
  }
}

const LESS = { "<": VALUES.less, "<=": VALUES.atMost, ">": VALUES.greater, ">=": VALUES.atLeast } as const;

function equality(p: Printing, e: Of<"binary">): PyExpression {
  const [left, right] = [kindOf(p, e.left), kindOf(p, e.right)];
  const is = e.operator === "===";
  const [a, b] = [p.expression(e.left), p.expression(e.right)];
  for (const [kind, other, value] of [[right, a, b], [left, b, a]] as const) {
    if (kind === "none" || kind === "undefined") return binary(is ? "is" : "is not", other, value);
  }
  for (const [side, other] of [[e.right, a], [e.left, b]] as const) {
    if (side.kind === "const" && typeof side.value === "boolean") return binary(is ? "is" : "is not", other, literal(side.value ? "True" : "False"));
  }
  // A text equals nothing but a text. To Python `True` is 1; of two that came from elsewhere both may be poisoned, or lists that only look the same.
  const isTold = left === "string" || right === "string" || (left === "number" && right === "number") || isLikeNoBoolean(p, e.left) || isLikeNoBoolean(p, e.right);
  if (isTold) return binary(is ? "==" : "!=", a, b);
  const same = call(library(VALUES.same), a, b);
  return is ? same : { kind: "not", value: same };
}

/** A number that is written out, and that Python takes for no boolean. */
function isLikeNoBoolean(p: Printing, e: Expression): boolean {
  const value = constantOf(p, e);
  return value !== null && value !== 0 && value !== 1;
}

/** `name = value`, and its kind, as the value that it gives. */
export function assignedValue(p: Printing, e: Of<"assign">): { readonly name: string; readonly value: PyExpression } {
  const slot = slotOf(p, e.target);
  const own = name(slot.name);
  const right = p.expression(e.value);
  if (!RECKONS.has(e.operator)) noteGiven(p, e.target, e.operator === "=" ? kindOf(p, e.value) : "any");
  switch (e.operator) {
    case "=":
      return { name: slot.name, value: right };
    case "??=":
      return { name: slot.name, value: isAtHand(p, e.value) ? call(library(VALUES.coalesce), own, right) : { kind: "conditional", test: call(library(VALUES.absent), own), then: right, otherwise: own } };
    case "||=": case "&&=": {
      if (e.operator === "||=" && isAtHand(p, e.value)) return { name: slot.name, value: call(library(VALUES.orElse), own, right) };
      const test = call(library(VALUES.truthy), own);
      return { name: slot.name, value: e.operator === "||=" ? { kind: "conditional", test, then: own, otherwise: right } : { kind: "conditional", test, then: right, otherwise: own } };
    }
    default: {
      const operator = e.operator.slice(0, 1) as "+" | "-" | "*" | "/" | "%";
      const on = sureKind(slot.kind, kindOf(p, e.value));
      return { name: slot.name, value: on === "number" && isExact(p, operator, null, e.value) ? call(library(VALUES.num), binary(operator, own, right)) : combine(operator, on, own, right) };
    }
  }
}
