import type { Fix } from "../../base/index.ts";
import type { Faults } from "../faults.ts";
import { unwrap } from "../lower/literals.ts";
import type { TypeFacts } from "../type-facts.ts";
import { ts } from "../typescript.ts";
import type { CallPages } from "../tool-facts.ts";

/** A single call of a tool whose profile says that it pages. */
export interface PagedCall {
  readonly node: ts.CallExpression;
  readonly server: string;
  readonly tool: string;
  readonly pages: CallPages;
  /** `.pages` of it must say `max`. */
  readonly needsMax: boolean;
}

interface Look {
  readonly source: ts.SourceFile;
  readonly facts: TypeFacts;
  readonly seen: Set<ts.Node>;
}

/**
 * Warns where one page is taken for all there is. Who looks at the first item, asks whether there is any, or reads a total
 * beside the list, needs no more than one page.
 */
export function warnUnreadPages(source: ts.SourceFile, facts: TypeFacts, faults: Faults, calls: readonly PagedCall[]): void {
  for (const { node, server, tool, pages, needsMax } of calls) {
    if (pages.path === null || !takesAll({ source, facts, seen: new Set() }, node, pages.path)) continue;
    const written = node.expression.getText(source);
    faults.warning(node.expression, "PAGES_UNREAD", `${server}.${tool} gives one page of what there is, and this takes it for all.`, `Write \`${written}.pages(…)\`: it reads every page and gives all items as one list.`, fixOf(source, node, pages.path, needsMax));
  }
}

/** Whether what `node` gives is used as if the list at `path` in it were complete. */
function takesAll(look: Look, node: ts.Node, path: readonly string[]): boolean {
  if (look.seen.has(node)) return false;
  look.seen.add(node);
  const { parent } = node;
  if (isTransparent(parent)) return takesAll(look, parent, path);
  if (ts.isExpressionStatement(parent)) return false;
  if (ts.isVariableDeclaration(parent) && parent.initializer === node) return boundTakesAll(look, parent.name, path);
  const member = memberName(parent, node);
  if (path.length > 0) return member === null ? isPassedOn(parent) : member === path[0] && takesAll(look, parent, path.slice(1));
  if (member === "at" || member === "0") return false;
  if (member === "length") return !isComparedWithZero(parent);
  return true;
}

function isTransparent(node: ts.Node): boolean {
  return ts.isAwaitExpression(node) || ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isNonNullExpression(node);
}

/** What is returned or handed to someone else may be used in any way; what only the text of a log needs is not. */
function isPassedOn(parent: ts.Node): boolean {
  return !ts.isTemplateSpan(parent) && !ts.isBinaryExpression(parent);
}

function memberName(parent: ts.Node, node: ts.Node): string | null {
  if (ts.isPropertyAccessExpression(parent) && parent.expression === node) return parent.name.text;
  if (!ts.isElementAccessExpression(parent) || parent.expression !== node) return null;
  const key = unwrap(parent.argumentExpression);
  return ts.isStringLiteralLike(key) || ts.isNumericLiteral(key) ? key.text : null;
}

function isComparedWithZero(length: ts.Node): boolean {
  const { parent } = length;
  if (!ts.isBinaryExpression(parent)) return false;
  const other = unwrap(parent.left === length ? parent.right : parent.left);
  return ts.isNumericLiteral(other) && (other.text === "0" || other.text === "1");
}

function boundTakesAll(look: Look, name: ts.BindingName, path: readonly string[]): boolean {
  if (ts.isIdentifier(name)) return referencesOf(look, name).some((reference) => takesAll(look, reference, path));
  if (ts.isArrayBindingPattern(name)) return path.length > 0 || name.elements.some((element) => ts.isBindingElement(element) && element.dotDotDotToken !== undefined);
  return name.elements.some((element) => {
    if (element.dotDotDotToken !== undefined || path.length === 0) return true;
    const key = element.propertyName ?? element.name;
    return (ts.isIdentifier(key) || ts.isStringLiteral(key)) && key.text === path[0] && boundTakesAll(look, element.name, path.slice(1));
  });
}

function referencesOf({ source, facts }: Look, name: ts.Identifier): readonly ts.Identifier[] {
  const symbol = facts.symbol(name);
  const found: ts.Identifier[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && node.text === name.text && node !== name && facts.symbol(node) === symbol) found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** `tool(args)` becomes `tool.pages(args)`; the member that led to the list goes. Only where that is all there is to change. */
function fixOf(source: ts.SourceFile, node: ts.CallExpression, path: readonly string[], needsMax: boolean): Fix | null {
  const [args, more] = node.arguments;
  if (args === undefined || more !== undefined) return null;
  let outer: ts.Node = node;
  while (isTransparent(outer.parent)) outer = outer.parent;
  const dropped: ts.Node[] = [];
  for (const name of path) {
    if (memberName(outer.parent, outer) !== name || (outer.parent.flags & ts.NodeFlags.OptionalChain) !== 0) return null;
    dropped.push(outer);
    outer = outer.parent;
  }
  const edits = [{ start: node.expression.end, end: node.expression.end, text: ".pages" }, ...(needsMax ? [{ start: args.end, end: args.end, text: ", { max: 20 }" }] : [])];
  const [before] = dropped;
  if (before !== undefined) edits.push({ start: before.end, end: outer.end, text: "" });
  return { title: `Read all pages: \`${node.expression.getText(source)}.pages(…)\``, edits };
}
