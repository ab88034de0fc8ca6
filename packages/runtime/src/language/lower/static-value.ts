import type { Json } from "../../base/index.ts";
import { ts } from "../typescript.ts";
import { checkedNumber, checkedText, keyText, unwrap } from "./literals.ts";
import type { Lowering } from "./lowering.ts";
import { namedBy } from "./names.ts";

/** What can be read off the text without running it: data, and in it the expressions that cannot. */
export type StaticValue =
  | { readonly kind: "data"; readonly node: ts.Expression; readonly value: null | boolean | number | string }
  | { readonly kind: "list"; readonly node: ts.Expression; readonly items: readonly StaticValue[] }
  | { readonly kind: "record"; readonly node: ts.Expression; readonly entries: ReadonlyMap<string, StaticValue> }
  | { readonly kind: "expression"; readonly node: ts.Expression };

type Environment = ReadonlyMap<ts.Symbol, StaticValue>;
const NOTHING: Environment = new Map();
const MAX_DEPTH = 60;

/** Reads a value off the text: literals, constants of the module, and helpers that only put literals together. */
export function readStatic(l: Lowering, node: ts.Expression): StaticValue {
  return read(l, node, NOTHING, 0);
}

/** The data, when it is data all through; undefined otherwise. */
export function dataOf(value: StaticValue): Json | undefined {
  if (value.kind === "data") return value.value;
  if (value.kind === "expression") return undefined;
  if (value.kind === "list") {
    const items = value.items.map(dataOf);
    return items.some((item) => item === undefined) ? undefined : (items as Json[]);
  }
  const entries = [...value.entries].map(([key, entry]) => [key, dataOf(entry)] as const);
  return entries.some(([, entry]) => entry === undefined) ? undefined : (Object.fromEntries(entries) as Json);
}

function read(l: Lowering, node: ts.Expression, environment: Environment, depth: number): StaticValue {
  const inner = unwrap(node);
  if (depth > MAX_DEPTH) return { kind: "expression", node: inner };
  if (ts.isStringLiteralLike(inner)) return { kind: "data", node: inner, value: checkedText(l, inner, inner.text) };
  if (ts.isNumericLiteral(inner)) return { kind: "data", node: inner, value: checkedNumber(l, inner) };
  if (inner.kind === ts.SyntaxKind.TrueKeyword || inner.kind === ts.SyntaxKind.FalseKeyword) return { kind: "data", node: inner, value: inner.kind === ts.SyntaxKind.TrueKeyword };
  if (inner.kind === ts.SyntaxKind.NullKeyword) return { kind: "data", node: inner, value: null };
  if (ts.isPrefixUnaryExpression(inner) && inner.operator === ts.SyntaxKind.MinusToken && ts.isNumericLiteral(inner.operand)) return { kind: "data", node: inner, value: -checkedNumber(l, inner.operand) };
  if (ts.isArrayLiteralExpression(inner)) return list(l, inner, environment, depth);
  if (ts.isObjectLiteralExpression(inner)) return record(l, inner, environment, depth);
  if (ts.isIdentifier(inner)) return identifier(l, inner, environment, depth);
  if (ts.isCallExpression(inner)) return call(l, inner, environment, depth);
  return { kind: "expression", node: inner };
}

function list(l: Lowering, node: ts.ArrayLiteralExpression, environment: Environment, depth: number): StaticValue {
  const items: StaticValue[] = [];
  for (const element of node.elements) {
    if (!ts.isSpreadElement(element)) items.push(read(l, element, environment, depth + 1));
    else {
      const spread = read(l, element.expression, environment, depth + 1);
      if (spread.kind !== "list") return { kind: "expression", node };
      items.push(...spread.items);
    }
  }
  return { kind: "list", node, items };
}

function record(l: Lowering, node: ts.ObjectLiteralExpression, environment: Environment, depth: number): StaticValue {
  const entries = new Map<string, StaticValue>();
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      const spread = read(l, property.expression, environment, depth + 1);
      if (spread.kind !== "record") return { kind: "expression", node };
      for (const [key, value] of spread.entries) entries.set(key, value);
      continue;
    }
    if (!ts.isPropertyAssignment(property) && !ts.isShorthandPropertyAssignment(property)) return { kind: "expression", node };
    const key = keyText(l, property.name);
    if (key !== null) entries.set(key, read(l, ts.isPropertyAssignment(property) ? property.initializer : property.name, environment, depth + 1));
  }
  return { kind: "record", node, entries };
}

function identifier(l: Lowering, node: ts.Identifier, environment: Environment, depth: number): StaticValue {
  const symbol = l.facts.symbol(node);
  const known = symbol === undefined ? undefined : environment.get(symbol);
  if (known !== undefined) return known;
  const named = namedBy(l, node);
  if (named?.kind !== "global" || named.helper !== undefined || named.initializer === undefined) return { kind: "expression", node };
  const value = read(l, named.initializer, NOTHING, depth + 1);
  // A constant that is no data is not this expression: the name stays what is looked at.
  return value.kind === "expression" ? { kind: "expression", node } : value;
}

/** A call of a helper whose body is one expression, with its arguments put in. */
function call(l: Lowering, node: ts.CallExpression, environment: Environment, depth: number): StaticValue {
  const callee = unwrap(node.expression);
  const named = ts.isIdentifier(callee) ? namedBy(l, callee) : undefined;
  const arrow = named?.kind === "global" && named.helper !== undefined && named.initializer !== undefined ? unwrap(named.initializer) : undefined;
  if (arrow === undefined || !ts.isArrowFunction(arrow) || ts.isBlock(arrow.body)) return { kind: "expression", node };
  const inside = new Map<ts.Symbol, StaticValue>();
  for (const [index, parameter] of arrow.parameters.entries()) {
    const argument = node.arguments[index] ?? parameter.initializer;
    const symbol = ts.isIdentifier(parameter.name) ? l.facts.symbol(parameter.name) : undefined;
    if (argument === undefined || symbol === undefined || ts.isSpreadElement(argument) || parameter.dotDotDotToken !== undefined) return { kind: "expression", node };
    inside.set(symbol, read(l, argument, environment, depth + 1));
  }
  return read(l, arrow.body, inside, depth + 1);
}
