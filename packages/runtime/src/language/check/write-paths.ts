import type { Block, Expression, FunctionNode, Spreadable, Statement } from "../../program/index.ts";
import type { HelperOf } from "./walk.ts";

/** How many writes a path makes: at least and at most (counted to 2, which is too many). null: no path gets there. */
type Range = readonly [least: number, most: number] | null;
interface Flow {
  /** Paths that go on behind the statement. */
  readonly on: Range;
  /** Paths that leave the function by `return`. */
  readonly out: Range;
}
interface Counting {
  readonly isWrite: (node: Expression) => boolean;
  readonly helperOf: HelperOf;
  readonly known: Map<FunctionNode, Range>;
}

const NONE: Range = [0, 0];

/** Counts writes on the paths through a function; paths that end in `fail()` or `throw` do not count. */
export function countWrites(fn: FunctionNode, isWrite: (node: Expression) => boolean, helperOf: HelperOf): Range {
  return ofFunction({ isWrite, helperOf, known: new Map() }, fn);
}

function then(a: Range, b: Range): Range {
  return a === null || b === null ? null : [Math.min(2, a[0] + b[0]), Math.min(2, a[1] + b[1])];
}

function either(a: Range, b: Range): Range {
  return a === null ? b : b === null ? a : [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

function ofFunction(c: Counting, fn: FunctionNode): Range {
  const known = c.known.get(fn);
  if (known !== undefined) return known;
  c.known.set(fn, NONE); // Recursion is refused elsewhere.
  const { on, out } = ofBlock(c, fn.body);
  const range = either(on, out);
  c.known.set(fn, range);
  return range;
}

function ofAll(c: Counting, nodes: readonly Spreadable<Expression>[]): Range {
  return nodes.reduce<Range>((before, node) => then(before, ofExpression(c, "spread" in node ? node.spread : node)), NONE);
}

function ofExpression(c: Counting, node: Expression): Range {
  switch (node.kind) {
    case "tool":
      return then(ofExpression(c, node.args), c.isWrite(node) ? [1, 1] : NONE);
    case "pages":
      return ofExpression(c, node.args);
    case "conditional":
      return then(ofExpression(c, node.test), either(ofExpression(c, node.then), ofExpression(c, node.otherwise)));
    case "logical":
      return then(ofExpression(c, node.left), either(NONE, ofExpression(c, node.right)));
    case "call": {
      const helper = c.helperOf(node.callee);
      return then(ofAll(c, node.args), helper === undefined ? NONE : ofFunction(c, helper));
    }
    case "builtin":
      return node.name === "fail" ? null : ofAll(c, node.args);
    case "template":
      return ofAll(c, node.values);
    case "array":
      return ofAll(c, node.items);
    case "object":
      return ofAll(c, node.entries.map((entry) => entry.value));
    case "binary":
      return ofAll(c, [node.left, node.right]);
    case "method":
      return then(ofExpression(c, node.value), ofAll(c, node.args));
    case "index":
      return ofAll(c, [node.value, node.index]);
    case "get":
    case "chain":
    case "unary":
    case "assign":
      return ofExpression(c, node.value);
    default:
      return NONE;
  }
}

function ofBlock(c: Counting, nodes: Block): Flow {
  let on: Range = NONE;
  let out: Range = null;
  for (const node of nodes) {
    const flow = ofStatement(c, node);
    out = either(out, then(on, flow.out));
    on = then(on, flow.on);
  }
  return { on, out };
}

function ofStatement(c: Counting, node: Statement): Flow {
  switch (node.kind) {
    case "declare":
    case "expression":
      return { on: ofExpression(c, node.value), out: null };
    case "return":
      return { on: null, out: node.value === undefined ? NONE : ofExpression(c, node.value) };
    case "throw":
      return { on: null, out: null };
    case "if": {
      const [test, yes, no] = [ofExpression(c, node.test), ofBlock(c, node.then), ofBlock(c, node.otherwise)];
      return { on: then(test, either(yes.on, no.on)), out: then(test, either(yes.out, no.out)) };
    }
    case "try": {
      const [body, handler] = [ofBlock(c, node.body), ofBlock(c, node.handler)];
      const partly: Range = [0, either(body.on, body.out)?.[1] ?? 0];
      return { on: either(body.on, then(partly, handler.on)), out: either(body.out, then(partly, handler.out)) };
    }
    case "block":
      return ofBlock(c, node.body);
    default:
      return { on: NONE, out: null };
  }
}
