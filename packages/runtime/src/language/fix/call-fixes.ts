import type { TextEdit } from "../../base/index.ts";
import type { Kind } from "../type-facts.ts";
import { ts } from "../typescript.ts";
import { fix, type FixContext, type FixMaker, insert, isOwn, replace, wrap } from "./fix-context.ts";
import { declares } from "./import-edits.ts";
import { forEachLoop } from "./loop-fixes.ts";

/** `await` before a call, where the function around it may wait. */
export const awaited: FixMaker = (c, node) => {
  if (!ts.isExpression(node) || !mayAwait(node)) return null;
  const { parent } = node;
  // What is done with the promise itself has to be written otherwise.
  if (ts.isPropertyAccessExpression(parent) && ["then", "catch", "finally"].includes(parent.name.text)) return null;
  const binds = (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent) || ts.isCallExpression(parent)) && parent.expression === node;
  return fix("Write `await`", ...(binds || ts.isNonNullExpression(parent) ? wrap(c, node, "(await ", ")") : [insert(node.getStart(c.source), "await ")]));
};

function mayAwait(node: ts.Node): boolean {
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isParameter(at)) return false;
    if (ts.isFunctionLike(at)) return ts.isArrowFunction(at) && at.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword) === true;
  }
  return false;
}

/** An iterator that is kept becomes a list. */
export const listOfIterator: FixMaker = (c, node) => fix("Make a list of it: `[…]`", ...wrap(c, node, "[...", "]"));

/** What another method of the language does, where it does the same. */
export const methodInstead: FixMaker = (c, name) => inPlace(c, name) ?? forEachLoop(c, name) ?? partOfText(c, name);

/** `.sort()` and `.reverse()` of a list that nobody else has; `.toString()` of a plain value. */
const inPlace: FixMaker = (c, name) => {
  const member = name.parent;
  const call = member.parent;
  if (!ts.isPropertyAccessExpression(member) || member.name !== name || !ts.isCallExpression(call) || call.expression !== member) return null;
  if (member.name.text === "sort" && call.arguments.length === 0 && isOwn(c, member.expression)) return ordered(c, call, replace(c, name, "toSorted"));
  if (member.name.text === "sort" && call.arguments.length === 1 && isOwn(c, member.expression)) return fix("Write `toSorted`", replace(c, name, "toSorted"));
  if (member.name.text === "reverse" && call.arguments.length === 0 && isOwn(c, member.expression)) return fix("Write `toReversed`", replace(c, name, "toReversed"));
  const plain: readonly Kind[] = ["string", "number", "boolean"];
  if (member.name.text !== "toString" || call.arguments.length > 0 || member.questionDotToken !== undefined || declares(c.source, "String") || ![...c.facts.kinds(member.expression)].every((kind) => plain.includes(kind))) return null;
  return fix("Write `String(…)`", insert(call.getStart(c.source), "String("), { start: member.expression.end, end: call.end, text: ")" });
};

/** `substring` and `substr` with numbers that say what `slice` would do. */
const partOfText: FixMaker = (c, name) => {
  const member = name.parent;
  const call = member.parent;
  if (!ts.isPropertyAccessExpression(member) || !ts.isCallExpression(call) || c.facts.receiver(member.expression) !== "string" || !call.arguments.every((one) => ts.isNumericLiteral(one) && /^\d+$/.test(one.text))) return null;
  const [from = 0, to = Number.MAX_SAFE_INTEGER] = call.arguments.map((one) => Number(one.getText(c.source)));
  const isSame = member.name.text === "substring" ? from <= to : member.name.text === "substr" && (from === 0 || call.arguments.length < 2);
  return isSame ? fix("Write `slice`", replace(c, name, "slice")) : null;
};

/** `toSorted()` of texts: without an order JavaScript compares texts as `<` does. */
export const textOrder: FixMaker = (c, node) => (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && node.expression.name.text === "toSorted" && node.arguments.length === 0 ? ordered(c, node) : null);

function ordered(c: FixContext, call: ts.CallExpression, ...more: readonly TextEdit[]): ReturnType<FixMaker> {
  const list = ts.isPropertyAccessExpression(call.expression) ? call.expression.expression : call.expression;
  const kinds = c.facts.elements(list);
  return kinds.size === 1 && kinds.has("string") ? fix("Say the order: as `<` compares texts", ...more, insert(call.end - 1, "(a, b) => (a < b ? -1 : a > b ? 1 : 0)")) : null;
}

/** A flag too many for `test`, or the one that `matchAll` and `replaceAll` need. */
export const patternFlag: FixMaker = (c, node) => {
  if (!ts.isRegularExpressionLiteral(node)) return null;
  const { parent } = node;
  const end = node.text.lastIndexOf("/") + 1;
  const flags = node.text.slice(end);
  if (ts.isPropertyAccessExpression(parent) && parent.name.text === "test" && flags.includes("g")) return fix("Leave the flag g out", replace(c, node, node.text.slice(0, end) + flags.replace("g", "")));
  return ts.isCallExpression(parent) && !flags.includes("g") && /^[ims]*$/.test(flags) ? fix("Add the flag g", insert(node.end, "g")) : null;
};
