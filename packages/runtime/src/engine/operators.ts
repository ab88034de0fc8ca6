import { UnsafeInteger } from "../base/index.ts";
import type { BinaryOperator, UnaryOperator } from "../program/index.ts";
import { typeError, unsafeInteger } from "./failure.ts";
import { article } from "./kinds.ts";
import { checkSize } from "./limits.ts";
import type { Strand } from "./strand.ts";
import { derive } from "./unknown.ts";
import { Unknown, type Value } from "./value.ts";

type Binary = (c: Strand, left: Value, right: Value) => Value;

/** ECMAScript's operators on what the language allows: no conversions, so mixed operands are a TYPE_ERROR. */
export function binaryOperator(operator: BinaryOperator): Binary {
  return BINARY[operator];
}

const BINARY: { readonly [Operator in BinaryOperator]: Binary } = {
  "+": add,
  "-": arithmetic("-", (a, b) => a - b),
  "*": arithmetic("*", (a, b) => a * b),
  "/": arithmetic("/", (a, b) => a / b),
  "%": arithmetic("%", (a, b) => a % b),
  "===": (c, left, right) => equal(c, left, right, false),
  "!==": (c, left, right) => equal(c, left, right, true),
  "<": comparison("<", (a, b) => a < b),
  "<=": comparison("<=", (a, b) => a <= b),
  ">": comparison(">", (a, b) => a > b),
  ">=": comparison(">=", (a, b) => a >= b),
};

function add(c: Strand, left: Value, right: Value): Value {
  if (typeof left === "number" && typeof right === "number") return left + right;
  if (typeof left === "string" && typeof right === "string") {
    checkSize(left.length + right.length, "A text made by +");
    return left + right;
  }
  return mixed(c, "+", left, right, "two numbers or two strings");
}

function arithmetic(sign: string, apply: (a: number, b: number) => number): Binary {
  return (c, left, right) => (typeof left === "number" && typeof right === "number" ? apply(left, right) : mixed(c, sign, left, right, "two numbers"));
}

function comparison(sign: string, apply: (a: number | string, b: number | string) => boolean): Binary {
  return (c, left, right) => {
    if (typeof left === "number" && typeof right === "number") return apply(left, right);
    if (typeof left === "string" && typeof right === "string") return apply(left, right);
    return mixed(c, sign, left, right, "two numbers or two strings");
  };
}

/** Unknown operands make an unknown; all else that comes here is refused. */
function mixed(c: Strand, sign: string, left: Value, right: Value, wanted: string): Value {
  const unknown = unknownAmong(c, left, right);
  if (unknown !== null) return unknown;
  if (left instanceof UnsafeInteger || right instanceof UnsafeInteger) throw unsafeInteger(`an operand of ${sign}`);
  throw typeError(`${sign} takes ${wanted}, not ${article(left)} and ${article(right)}.`);
}

function unknownAmong(c: Strand, ...values: readonly Value[]): Unknown | null {
  const unknowns = values.filter((value) => value instanceof Unknown);
  return unknowns.length === 0 ? null : derive(c, ...unknowns);
}

function equal(c: Strand, left: Value, right: Value, negated: boolean): Value {
  if (typeof left !== "object" && typeof right !== "object") return (left === right) !== negated;
  const unknown = unknownAmong(c, left, right);
  if (unknown !== null) return unknown;
  return isSame(left, right) !== negated;
}

/** `===` on known values. A poisoned integer differs from all that is no number; whether it equals a number cannot be told. */
export function isSame(left: Value, right: Value): boolean {
  if (left instanceof UnsafeInteger && (right instanceof UnsafeInteger || typeof right === "number")) throw unsafeInteger("an operand of ===");
  if (right instanceof UnsafeInteger && typeof left === "number") throw unsafeInteger("an operand of ===");
  return left === right;
}

/** `!`, unary `-` and `+`. */
export function unaryOperator(operator: UnaryOperator): (c: Strand, value: Value) => Value {
  switch (operator) {
    case "!":
      return (_, value) => (value instanceof Unknown ? value : !isTrue(value));
    case "-":
      return (c, value) => (typeof value === "number" ? -value : sign(c, "-", value));
    case "+":
      return (c, value) => (typeof value === "number" ? value : sign(c, "+", value));
  }
}

function sign(c: Strand, operator: string, value: Value): Value {
  if (value instanceof Unknown) return derive(c, value);
  if (value instanceof UnsafeInteger) throw unsafeInteger(`an operand of ${operator}`);
  throw typeError(`Unary ${operator} takes a number, not ${article(value)}.`);
}

/** What a condition decides on a known value: JavaScript's meaning, but a number is refused, because 0 is easily forgotten. */
export function isTrue(value: Value): boolean {
  if (typeof value === "boolean") return value;
  if (value === null || value === undefined) return false;
  if (typeof value === "string") return value !== "";
  if (typeof value === "number") throw typeError("A condition cannot be a number: compare it (`> 0`).");
  if (value instanceof UnsafeInteger) throw unsafeInteger("a condition");
  return true;
}

/** One value inside a template. */
export function templatePart(value: Value): string {
  switch (typeof value) {
    case "string":
      return value;
    case "number":
    case "boolean":
      return String(value);
    default:
      if (value instanceof UnsafeInteger) throw unsafeInteger("part of a text");
      throw typeError(`A template takes strings, numbers and booleans, not ${article(value)}: write ?? "" or JSON.stringify.`);
  }
}

/** Texts and values in turn: the value of a template literal. */
export function fillTemplate(c: Strand, texts: readonly string[], values: readonly Value[]): Value {
  const unknown = unknownAmong(c, ...values);
  if (unknown !== null) return unknown;
  let text = texts[0] ?? "";
  for (let index = 0; index < values.length; index++) text += templatePart(values[index]) + (texts[index + 1] ?? "");
  checkSize(text.length, "A template");
  return text;
}
