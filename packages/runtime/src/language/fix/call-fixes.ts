import type { Kind } from "../type-facts.ts";
import { ts } from "../typescript.ts";
import { fix, type FixContext, type FixMaker, insert, replace, wrap } from "./fix-context.ts";
import { declares, importEdits } from "./import-edits.ts";

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

/** `.sort(f)` and `.reverse()` of a list that nobody else has; `.toString()` of a plain value. */
export const methodInstead: FixMaker = (c, name) => {
  const member = name.parent;
  const call = member.parent;
  if (!ts.isPropertyAccessExpression(member) || member.name !== name || !ts.isCallExpression(call) || call.expression !== member) return null;
  if (member.name.text === "sort" && call.arguments.length === 1 && isOwn(c, member.expression)) return fix("Write `toSorted`", replace(c, name, "toSorted"));
  if (member.name.text === "reverse" && call.arguments.length === 0 && isOwn(c, member.expression)) return fix("Write `toReversed`", replace(c, name, "toReversed"));
  const plain: readonly Kind[] = ["string", "number", "boolean"];
  if (member.name.text !== "toString" || call.arguments.length > 0 || member.questionDotToken !== undefined || declares(c.source, "String") || ![...c.facts.kinds(member.expression)].every((kind) => plain.includes(kind))) return null;
  return fix("Write `String(…)`", insert(call.getStart(c.source), "String("), { start: member.expression.end, end: call.end, text: ")" });
};

/** A list that was made right here: what changes it in place and what makes a new one are the same. */
function isOwn(c: FixContext, node: ts.Expression): boolean {
  if (ts.isParenthesizedExpression(node)) return isOwn(c, node.expression);
  if (ts.isArrayLiteralExpression(node)) return true;
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  return ["map", "filter", "flatMap", "flat", "slice", "concat", "split", "toSorted", "toReversed", "keys", "values", "entries", "from"].includes(node.expression.name.text) && c.facts.receiver(node) === "array";
}

/** Globals that `offstage` has a word for. */
export const globalInstead: FixMaker = (c, node) => {
  // Of what no library declares, only the first name is refused.
  const callee = ts.isIdentifier(node) && ts.isPropertyAccessExpression(node.parent) ? node.parent : node;
  const call = callee.parent;
  if (!ts.isPropertyAccessExpression(callee) || !ts.isCallExpression(call) || call.expression !== callee) return null;
  const text = callee.getText(c.source);
  const word = text === "Date.now" ? "now" : /^console\.(?:log|info|warn|error)$/.test(text) && ts.isExpressionStatement(call.parent) ? "log" : null;
  const imported = word === null ? null : importEdits(c.source, word);
  return word === null || imported === null ? null : fix(`Write \`${word}(…)\``, ...imported, replace(c, callee, word));
};

/** A flag too many for `test`, or the one that `matchAll` and `replaceAll` need. */
export const patternFlag: FixMaker = (c, node) => {
  if (!ts.isRegularExpressionLiteral(node)) return null;
  const { parent } = node;
  const end = node.text.lastIndexOf("/") + 1;
  const flags = node.text.slice(end);
  if (ts.isPropertyAccessExpression(parent) && parent.name.text === "test" && flags.includes("g")) return fix("Leave the flag g out", replace(c, node, node.text.slice(0, end) + flags.replace("g", "")));
  return ts.isCallExpression(parent) && !flags.includes("g") && /^[ims]*$/.test(flags) ? fix("Add the flag g", insert(node.end, "g")) : null;
};
