import type { Expression, LocalRef } from "../../program/index.ts";
import { andThen, type Code, type Compiler, type Eval, type Frame, type Later, NORMAL, paused, type Place, pure, readLocal, writeLocal } from "../code.ts";
import { binaryOperator, isTrue, unaryOperator } from "../operators.ts";
import { planBoth } from "../paths.ts";
import type { Strand } from "../strand.ts";
import { Unknown, type Value } from "../value.ts";
import { changesOf } from "./analysis.ts";

type Node<Kind extends Expression["kind"]> = Extract<Expression, { readonly kind: Kind }>;

export function compileUnary(node: Node<"unary">, place: Place, compiler: Compiler): Code {
  const value = compiler.expression(node.value, { ...place, chain: false });
  const apply = unaryOperator(node.operator);
  if (value.pauses) return paused((f, c) => andThen(value.run(f, c), (known) => apply(c, known)));
  const { run } = value;
  return pure((f, c) => apply(c, run(f, c)));
}

export function compileBinary(node: Node<"binary">, place: Place, compiler: Compiler): Code {
  const inner = { ...place, chain: false };
  const left = compiler.expression(node.left, inner);
  const right = compiler.expression(node.right, inner);
  const apply = binaryOperator(node.operator);
  if (!left.pauses && !right.pauses) {
    const a = left.run;
    const b = right.run;
    return pure((f, c) => apply(c, a(f, c), b(f, c)));
  }
  return paused((f, c) => andThen<Value, Value>(left.run(f, c), (a) => andThen(right.run(f, c), (b) => apply(c, a, b))));
}

/** Both sides of an expression as a plan sees them. */
function either(f: Frame, c: Strand, condition: Unknown, refs: readonly LocalRef[], first: () => Later<Value>, second: () => Later<Value>): Later<Value> {
  const side = (run: () => Later<Value>) => () => andThen(run(), (value) => ({ completion: NORMAL, value }) as const);
  return andThen(planBoth(c, f, condition, refs, side(first), side(second)), ({ value }) => value);
}

/** A choice between two codes by a test of `value`. */
function choose(value: Code, take: (known: Value) => boolean, then: Code, otherwise: Code, refs: readonly LocalRef[]): Code {
  if (!value.pauses && !then.pauses && !otherwise.pauses) {
    const test = value.run;
    const a = then.run;
    const b = otherwise.run;
    return pure((f, c) => {
      const known = test(f, c);
      if (known instanceof Unknown) return either(f, c, known, refs, () => a(f, c), () => b(f, c)) as Value;
      return take(known) ? a(f, c) : b(f, c);
    });
  }
  return paused((f, c) =>
    andThen<Value, Value>(value.run(f, c), (known) => {
      if (known instanceof Unknown) return either(f, c, known, refs, () => then.run(f, c), () => otherwise.run(f, c));
      return take(known) ? then.run(f, c) : otherwise.run(f, c);
    }),
  );
}

export function compileConditional(node: Node<"conditional">, place: Place, compiler: Compiler): Code {
  const inner = { ...place, chain: false };
  const codes = [node.test, node.then, node.otherwise].map((part) => compiler.expression(part, inner)) as [Code, Code, Code];
  return choose(codes[0], isTrue, codes[1], codes[2], changesOf([node.then, node.otherwise]));
}

/** Whether the left side of `&&`, `||` or `??` decides. */
function decides(operator: "&&" | "||" | "??"): (left: Value) => boolean {
  switch (operator) {
    case "&&":
      return (left) => !isTrue(left);
    case "||":
      return isTrue;
    case "??":
      return (left) => left !== null && left !== undefined;
  }
}

export function compileLogical(node: Node<"logical">, place: Place, compiler: Compiler): Code {
  const inner = { ...place, chain: false };
  const left = compiler.expression(node.left, inner);
  const right = compiler.expression(node.right, inner);
  return shortCircuit(left, right, decides(node.operator), changesOf([node.right]));
}

function shortCircuit(left: Code, right: Code, keeps: (left: Value) => boolean, refs: readonly LocalRef[]): Code {
  const go = (f: Frame, c: Strand, known: Value): Later<Value> => {
    if (known instanceof Unknown) return either(f, c, known, refs, () => right.run(f, c), () => known);
    return keeps(known) ? known : right.run(f, c);
  };
  if (left.pauses || right.pauses) return paused((f, c) => andThen(left.run(f, c), (known) => go(f, c, known)));
  const a = left.run;
  return pure((f, c) => go(f, c, a(f, c)) as Value);
}

export function compileAssign(node: Node<"assign">, place: Place, compiler: Compiler): Code {
  const { target, operator } = node;
  const value = compiler.expression(node.value, { ...place, chain: false });
  const store = (f: Frame, known: Value): Value => {
    writeLocal(f, target, known);
    return known;
  };
  if (operator === "=") {
    if (value.pauses) return paused((f, c) => andThen(value.run(f, c), (known) => store(f, known)));
    const { run } = value;
    return pure((f, c) => store(f, run(f, c)));
  }
  if (operator === "??=" || operator === "||=" || operator === "&&=") {
    const current = pure((f) => readLocal(f, target));
    const assigned: Code = value.pauses
      ? paused((f, c) => andThen(value.run(f, c), (known) => store(f, known)))
      : pure((f, c) => store(f, (value.run as Eval)(f, c)));
    return shortCircuit(current, assigned, decides(operator.slice(0, 2) as "??"), [target, ...changesOf([node.value])]);
  }
  const apply = binaryOperator(operator.slice(0, 1) as "+");
  if (value.pauses) {
    // As in JavaScript the current value is read before the right side is evaluated.
    return paused((f, c) => {
      const current = readLocal(f, target);
      return andThen(value.run(f, c), (known) => store(f, apply(c, current, known)));
    });
  }
  const { run } = value;
  return pure((f, c) => store(f, apply(c, readLocal(f, target), run(f, c))));
}
