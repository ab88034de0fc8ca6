import type { Faults } from "../faults.ts";
import { unwrap } from "../lower/literals.ts";
import type { TypeFacts } from "../type-facts.ts";
import { ts } from "../typescript.ts";

const MAX_DEPTH = 8;

/** A value as pieces of text and of code, names of the item replaced: equal pieces are equal values. */
type Pieces = string;

interface Making {
  readonly source: ts.SourceFile;
  readonly facts: TypeFacts;
  /** Parameters and what stands for them: the item of both callbacks is the same. */
  readonly names: ReadonlyMap<ts.Symbol, Pieces>;
}

/**
 * Warns of a record whose `find` looks for something that its `create` does not write: it would find nothing, ever, and
 * after a lost answer the target would be made twice. Only what `find` quotes into a query is looked at.
 */
export function warnFindKeys(source: ts.SourceFile, facts: TypeFacts, faults: Faults, isRecord: (callee: ts.Identifier) => boolean): void {
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && isRecord(node.expression)) {
      const options = node.arguments[1] === undefined ? undefined : unwrap(node.arguments[1]);
      if (options !== undefined && ts.isObjectLiteralExpression(options)) compare(source, facts, faults, options);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
}

function compare(source: ts.SourceFile, facts: TypeFacts, faults: Faults, options: ts.ObjectLiteralExpression): void {
  const [find, create] = [callback(options, "find"), callback(options, "create")];
  if (find === null || create === null) return;
  const looking: Making = { source, facts, names: itemNames(facts, find) };
  const sought = quotedIn(find.body).map((node) => ({ node, pieces: piecesOf(looking, node, 0) }));
  if (sought.length === 0) return;
  const written = allPieces({ source, facts, names: itemNames(facts, create) }, create.body);
  if (written === null || sought.some(({ pieces }) => pieces === null || written.has(pieces))) return;
  const [first] = sought;
  if (first === undefined) return;
  faults.warning(first.node, "FIND_KEY_DIFFERS", "find looks for something that create does not write: it would never find what was made, and after a lost answer it would be made again.", "Make both from one helper: `const label = (item) => …`, in `find` and in `create`.");
}

function callback(options: ts.ObjectLiteralExpression, name: string): ts.ArrowFunction | null {
  const property = options.properties.find((one) => one.name !== undefined && ts.isIdentifier(one.name) && one.name.text === name);
  const value = property !== undefined && ts.isPropertyAssignment(property) ? unwrap(property.initializer) : undefined;
  return value !== undefined && ts.isArrowFunction(value) ? value : null;
}

function itemNames(facts: TypeFacts, arrow: ts.ArrowFunction): ReadonlyMap<ts.Symbol, Pieces> {
  return new Map(arrow.parameters.flatMap(({ name }, index) => {
    const symbol = ts.isIdentifier(name) ? facts.symbol(name) : undefined;
    return symbol === undefined ? [] : [[symbol, `#${index}`] as const];
  }));
}

/** The arguments of every `quote.…(x)` below. */
function quotedIn(node: ts.Node): readonly ts.Expression[] {
  const found: ts.Expression[] = [];
  const visit = (at: ts.Node): void => {
    if (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression) && at.expression.expression.getText() === "quote" && at.arguments[0] !== undefined) found.push(at.arguments[0]);
    ts.forEachChild(at, visit);
  };
  visit(node);
  return found;
}

/** The pieces of every expression below; null when something is spread or made in a way that hides what is written. */
function allPieces(making: Making, node: ts.Node): ReadonlySet<Pieces> | null {
  const found = new Set<Pieces>();
  let hidden = false;
  const visit = (at: ts.Node): void => {
    if (ts.isSpreadAssignment(at) || ts.isSpreadElement(at)) hidden = true;
    if (ts.isExpression(at)) {
      const pieces = piecesOf(making, at, 0);
      if (pieces !== null) found.add(pieces);
      // A helper may be handed the whole item and write anything of it; a constant may hold anything.
      if (ts.isIdentifier(at) && isWhole(making, at)) hidden = true;
    }
    ts.forEachChild(at, visit);
  };
  visit(node);
  return hidden ? null : found;
}

/** A parameter handed on as a whole, other than to a helper that can be looked through, or a local of the callback. */
function isWhole(making: Making, node: ts.Identifier): boolean {
  const symbol = making.facts.symbol(node);
  const { parent } = node;
  if (symbol === undefined || ts.isParameter(parent) || [...making.facts.kinds(node)].every((kind) => kind === "string" || kind === "number" || kind === "boolean") || (ts.isPropertyAccessExpression(parent) && parent.expression === node)) return false;
  if (!making.names.has(symbol)) return symbol.valueDeclaration !== undefined && ts.isVariableDeclaration(symbol.valueDeclaration) && symbol.valueDeclaration.parent.parent.parent !== making.source && symbol.valueDeclaration.getSourceFile() === making.source;
  return !(ts.isCallExpression(parent) && parent.expression !== node && helperOf(making, parent) !== null);
}

function piecesOf(making: Making, node: ts.Expression, depth: number): Pieces | null {
  const inner = unwrap(node);
  if (depth > MAX_DEPTH) return null;
  if (ts.isStringLiteralLike(inner)) return JSON.stringify(inner.text).slice(1, -1);
  if (ts.isTemplateExpression(inner)) {
    return joined([inner.head.text, ...inner.templateSpans.flatMap((span) => [span.expression, span.literal.text])].map((part) => (typeof part === "string" ? JSON.stringify(part).slice(1, -1) : piecesOf(making, part, depth + 1))));
  }
  if (ts.isBinaryExpression(inner) && inner.operatorToken.kind === ts.SyntaxKind.PlusToken) return joined([piecesOf(making, inner.left, depth + 1), piecesOf(making, inner.right, depth + 1)]);
  if (ts.isIdentifier(inner)) {
    const symbol = making.facts.symbol(inner);
    const known = symbol === undefined ? undefined : making.names.get(symbol);
    if (known !== undefined) return `{${known}}`;
    const declared = symbol?.valueDeclaration;
    return declared !== undefined && ts.isVariableDeclaration(declared) && declared.initializer !== undefined && !ts.isArrowFunction(declared.initializer) && !ts.isAwaitExpression(declared.initializer) ? piecesOf(making, declared.initializer, depth + 1) : `{${inner.text}}`;
  }
  if (ts.isPropertyAccessExpression(inner)) {
    const of = piecesOf(making, inner.expression, depth + 1);
    return of === null ? null : `{${of}.${inner.name.text}}`;
  }
  return ts.isCallExpression(inner) ? calledPieces(making, inner, depth) : null;
}

/** `String(x)` is what a template makes of x; a helper of one expression is that expression. */
function calledPieces(making: Making, node: ts.CallExpression, depth: number): Pieces | null {
  if (ts.isIdentifier(node.expression) && node.expression.text === "String" && node.arguments[0] !== undefined) return piecesOf(making, node.arguments[0], depth + 1);
  const helper = helperOf(making, node);
  if (helper === null) return null;
  const names = new Map<ts.Symbol, Pieces>();
  for (const [index, { name }] of helper.parameters.entries()) {
    const symbol = ts.isIdentifier(name) ? making.facts.symbol(name) : undefined;
    const argument = node.arguments[index];
    const pieces = argument === undefined ? null : piecesOf(making, argument, depth + 1);
    if (symbol === undefined || pieces === null) return null;
    names.set(symbol, pieces.replace(/^\{(.*)\}$/, "$1"));
  }
  return piecesOf({ ...making, names }, helper.body as ts.Expression, depth + 1);
}

function helperOf(making: Making, node: ts.CallExpression): ts.ArrowFunction | null {
  const declared = ts.isIdentifier(node.expression) ? making.facts.symbol(node.expression)?.valueDeclaration : undefined;
  const made = declared !== undefined && ts.isVariableDeclaration(declared) && declared.initializer !== undefined ? unwrap(declared.initializer) : undefined;
  return made !== undefined && ts.isArrowFunction(made) && !ts.isBlock(made.body) ? made : null;
}

function joined(parts: readonly (Pieces | null)[]): Pieces | null {
  return parts.includes(null) ? null : parts.join("");
}
