import type { BinaryOperator, Expression } from "../../program/index.ts";
import { VALUES } from "./library.ts";
import { library, type Printing } from "./printing.ts";
import { binary, call, literal, type PyExpression } from "./tree.ts";

/** What arithmetic over numbers that are written out gives, in JavaScript and in Python alike. */
interface Reckoned {
  readonly value: number;
  /** Python has an `int` there, else a `float`. */
  readonly isInt: boolean;
}

/** Arithmetic over numbers that are written out, as it stands: once in `num` where Python's own result is a `float` that is whole. Null where anything is no such number, or Python would give another one. */
export function printConstant(p: Printing, e: Expression): PyExpression | null {
  const known = reckoned(p, e);
  if (known === null) return null;
  return known.isInt === isInt(known.value) ? plain(p, e) : call(library(VALUES.num), plain(p, e));
}

/** The number that an expression is whenever it is evaluated; null where nobody knows. */
export function constantOf(p: Printing, e: Expression): number | null {
  return reckoned(p, e)?.value ?? null;
}

function isInt(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

function plain(p: Printing, e: Expression): PyExpression {
  if (e.kind === "binary") return binary(e.operator as "+" | "-" | "*" | "/" | "%", plain(p, e.left), plain(p, e.right));
  if (e.kind !== "unary") return p.expression(e);
  return Object.is(constantOf(p, e.value), 0) ? literal("-0.0") : { kind: "minus", value: plain(p, e.value) };
}

function reckoned(p: Printing, e: Expression): Reckoned | null {
  switch (e.kind) {
    case "const": return typeof e.value === "number" ? { value: e.value, isInt: isInt(e.value) } : null;
    case "global": {
      const of = p.facts.globals[e.index]?.value;
      const known = of === undefined ? null : reckoned(p, of);
      return known === null ? null : { value: known.value, isInt: isInt(known.value) };
    }
    case "unary": {
      // Two of them in a row are something else to Python's readers.
      const known = e.operator === "-" && e.value.kind !== "unary" ? reckoned(p, e.value) : null;
      return known === null ? null : { value: -known.value, isInt: known.isInt && known.value !== 0 };
    }
    case "binary": {
      const [left, right] = [reckoned(p, e.left), reckoned(p, e.right)];
      return left === null || right === null ? null : reckon(e.operator, left, right);
    }
    default: return null;
  }
}

function reckon(operator: BinaryOperator, left: Reckoned, right: Reckoned): Reckoned | null {
  const areInts = left.isInt && right.isInt;
  switch (operator) {
    case "+": return exact(left.value + right.value, areInts);
    case "-": return exact(left.value - right.value, areInts);
    case "*": return exact(left.value * right.value, areInts);
    // Python divides nothing by zero, and its remainder has the sign of the other side.
    case "/": return right.value === 0 || left.value === 0 ? null : { value: left.value / right.value, isInt: false };
    case "%": return left.value > 0 && right.value > 0 && Number.isFinite(left.value) && Number.isFinite(right.value) ? { value: left.value % right.value, isInt: areInts } : null;
    default: return null;
  }
}

/** Of two `int`s Python makes one without end, and no -0. */
function exact(value: number, areInts: boolean): Reckoned | null {
  return areInts && !isInt(value) ? null : { value, isInt: areInts };
}
