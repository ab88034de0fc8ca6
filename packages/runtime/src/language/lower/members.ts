import { type Expression, PROPERTIES, type Receiver } from "../../program/index.ts";
import { ts } from "../typescript.ts";
import { allowedName, checkedText } from "./literals.ts";
import { at, type Lowering, PLACEHOLDER } from "./lowering.ts";
import { isGlobalName, namedBy } from "./names.ts";
import { refuseGlobal } from "./identifiers.ts";
import { lowerMethod, receiverWords } from "./methods.ts";
import { markIndex } from "./marks.ts";
import { refuseUnlearnt } from "./unlearnt.ts";

/** A property, an element, or a method call, with the whole optional chain that it ends. */
export function lowerMember(l: Lowering, node: ts.PropertyAccessExpression | ts.ElementAccessExpression | ts.CallExpression): Expression {
  const value = link(l, node);
  return inChain(node) ? { kind: "chain", ...at(l, node), value } : value;
}

/** One link, whose receiver may be a link of the same chain. */
function link(l: Lowering, node: ts.Expression): Expression {
  if (ts.isNonNullExpression(node)) return receiverOf(l, node.expression);
  if (ts.isPropertyAccessExpression(node)) return property(l, node, node.expression, node.name, node.name.text, node.questionDotToken !== undefined);
  if (ts.isElementAccessExpression(node)) return element(l, node);
  if (!ts.isCallExpression(node)) return l.expression(node);
  const callee = node.expression;
  if (node.questionDotToken === undefined && ts.isPropertyAccessExpression(callee)) {
    return lowerMethod(l, node, callee.expression, callee.name, callee.questionDotToken !== undefined, () => receiverOf(l, callee.expression));
  }
  l.faults.error(node, "EXPRESSION_NOT_ALLOWED", "Only methods, helpers and tools can be called.", "Call the method or helper by its name.");
  return PLACEHOLDER;
}

function receiverOf(l: Lowering, node: ts.Expression): Expression {
  const isLink = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || ts.isCallExpression(node) || ts.isNonNullExpression(node);
  return inChain(node) && isLink ? link(l, node) : l.expression(node);
}

function inChain(node: ts.Node): boolean {
  return (node.flags & ts.NodeFlags.OptionalChain) !== 0;
}

function property(l: Lowering, node: ts.Expression, of: ts.Expression, nameNode: ts.Node, name: string, optional: boolean): Expression {
  if (!allowedName(l, nameNode, name)) return PLACEHOLDER;
  if (ts.isIdentifier(of)) {
    if (isGlobalName(l, of) && of.text !== "undefined") return refuseGlobal(l, node, `${of.text}.${name}`);
    const named = namedBy(l, of);
    if (named !== undefined && named.kind !== "local" && named.kind !== "global") return notAValue(l, node);
  }
  refuseUnlearnt(l, of, nameNode);
  const on = l.facts.receiver(of);
  if (!isData(l, node, of, on, name)) {
    l.faults.error(nameNode, "PROPERTY_NOT_ALLOWED", `${name} is not data of ${receiverWords(on)}.`, "Only `length` of strings and lists, `size` of maps and sets, and the fields of data can be read.");
    return PLACEHOLDER;
  }
  if (on === "object") noteMember(l, node, nameNode, name);
  return { kind: "get", ...at(l, node), on, value: receiverOf(l, of), name: checkedText(l, nameNode, name), ...(optional ? { optional: true } : {}) };
}

/** Keeps that a member is always there, for printers of languages where one that is not is no value. */
function noteMember(l: Lowering, node: ts.Expression, nameNode: ts.Node, name: string): void {
  const place = `${String(at(l, node).at)}:${name}`;
  const found = l.facts.isAlwaysThere(nameNode) ? (l.facts.kinds(node).size === 1 ? l.facts.receiver(node) : "any") : null;
  const known = l.members.get(place);
  l.members.set(place, known === undefined || known === found ? found : known === null || found === null ? null : "any");
}

/** The members that are always there, by their places. */
export function membersOf(l: Lowering): { readonly [place: string]: Receiver } {
  return Object.fromEntries([...l.members].flatMap(([place, holds]) => (holds === null ? [] : [[place, holds]])));
}

/** A field of data, as opposed to what JavaScript hangs on every value. */
function isData(l: Lowering, node: ts.Expression, of: ts.Expression, on: Receiver, name: string): boolean {
  if (on === "any") return l.facts.kinds(of).has("any") || !l.facts.kinds(node).has("function");
  if (on === "object") return !l.facts.kinds(node).has("function");
  if (on === "array" && (name === "groups" || name === "index" || name === "input")) return true;
  const properties: Partial<Record<Receiver, readonly string[]>> = PROPERTIES;
  return properties[on]?.includes(name) === true;
}

function notAValue(l: Lowering, node: ts.Expression): Expression {
  l.faults.error(node, "VOCABULARY_AS_VALUE", `${node.getText(l.source)} is not a value.`, "Call it where it is needed; to hand it on, write an arrow that calls it.");
  return PLACEHOLDER;
}

function element(l: Lowering, node: ts.ElementAccessExpression): Expression {
  const { expression: of, argumentExpression: key } = node;
  const optional = node.questionDotToken !== undefined;
  if (ts.isStringLiteralLike(key)) return property(l, node, of, key, key.text, optional);
  refuseUnlearnt(l, of, key);
  const kinds = l.facts.kinds(key);
  const on = l.facts.receiver(of);
  if (![...kinds].every((kind) => kind === "number") || !(on === "array" || on === "string" || l.facts.kinds(of).has("any") || l.facts.kinds(of).has("array"))) {
    l.faults.error(key, "DYNAMIC_KEY", "A property cannot be chosen while running.", "Use a Map, or Object.entries(object); index lists by a number.");
    return PLACEHOLDER;
  }
  markIndex(l, node);
  return { kind: "index", ...at(l, node), on, value: receiverOf(l, of), index: l.expression(key), ...(optional ? { optional: true } : {}) };
}
