import type { Fix, TextEdit } from "../../base/index.ts";
import { importEdits } from "../fix/import-edits.ts";
import { ts } from "../typescript.ts";
import { unwrap } from "./literals.ts";
import type { Lowering } from "./lowering.ts";
import { calledName } from "./names.ts";
import { type QueryLanguage, queryLanguage, QUOTES } from "./query-language.ts";

interface Query {
  readonly language: QueryLanguage;
  /** Parameters of the helper that makes the query, and what this call gives for them. */
  readonly given: ReadonlyMap<ts.Symbol, ts.Expression>;
}
/** A text put together: what is written out, and what is spliced in between. */
interface Spliced {
  readonly texts: readonly string[];
  readonly values: readonly ts.Expression[];
  readonly template: ts.TemplateExpression | null;
}

const MAX_DEPTH = 8;
const NOTHING: ReadonlyMap<ts.Symbol, ts.Expression> = new Map();

/** Warns of values that go into the text of a query as they are, or quoted for another language: each could change what it asks. */
export function warnUnquoted(l: Lowering, args: ts.Expression, server: string, tool: string): void {
  const inner = unwrap(args);
  if (!ts.isObjectLiteralExpression(inner)) return;
  for (const property of inner.properties) {
    const name = property.name !== undefined && (ts.isIdentifier(property.name) || ts.isStringLiteral(property.name)) ? property.name.text : null;
    const value = ts.isPropertyAssignment(property) ? property.initializer : ts.isShorthandPropertyAssignment(property) ? property.name : undefined;
    if (name !== null && value !== undefined) lookAt(l, value, NOTHING, 0, (spliced) => queryLanguage(name, `${server} ${tool}`, spliced.texts));
  }
}

/** Follows constants and helpers to where the text is put together. */
function lookAt(l: Lowering, node: ts.Expression, given: Query["given"], depth: number, languageOf: (spliced: Spliced) => QueryLanguage | null): void {
  const inner = unwrap(node);
  if (depth > MAX_DEPTH) return;
  const spliced = splicedOf(inner);
  if (spliced !== null) {
    const language = languageOf(spliced);
    if (language !== null) spliced.values.forEach((value, index) => checkValue(l, value, { language, given }, spliced, index));
    return;
  }
  const declared = ts.isIdentifier(inner) ? initializerOf(l, inner) : undefined;
  if (declared !== undefined) return lookAt(l, declared, given, depth + 1, languageOf);
  if (ts.isConditionalExpression(inner)) for (const branch of [inner.whenTrue, inner.whenFalse]) lookAt(l, branch, given, depth + 1, languageOf);
  const helper = ts.isCallExpression(inner) ? helperCalled(l, inner) : null;
  if (helper !== null && ts.isCallExpression(inner)) lookAt(l, helper.body, argumentsOf(l, helper, inner), depth + 1, languageOf);
}

function splicedOf(node: ts.Expression): Spliced | null {
  if (ts.isTemplateExpression(node)) return { texts: [node.head.text, ...node.templateSpans.map((span) => span.literal.text)], values: node.templateSpans.map((span) => span.expression), template: node };
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return null;
  const texts: string[] = [""];
  const values: ts.Expression[] = [];
  for (const part of summands(node)) {
    const own = ts.isTemplateExpression(part) ? splicedOf(part) : null;
    if (ts.isStringLiteralLike(part)) texts.push((texts.pop() ?? "") + part.text);
    else if (own !== null) {
      texts.push((texts.pop() ?? "") + (own.texts[0] ?? ""), ...own.texts.slice(1));
      values.push(...own.values);
    } else {
      values.push(part);
      texts.push("");
    }
  }
  return { texts, values, template: null };
}

function summands(node: ts.Expression): readonly ts.Expression[] {
  const inner = unwrap(node);
  return ts.isBinaryExpression(inner) && inner.operatorToken.kind === ts.SyntaxKind.PlusToken ? [...summands(inner.left), ...summands(inner.right)] : [inner];
}

function checkValue(l: Lowering, value: ts.Expression, query: Query, spliced: Spliced, index: number): void {
  const quote = quoteOf(l, value);
  const byHand = handQuotes(spliced, index);
  if (quote === null) {
    if (!isSafe(l, value, query.given, 0)) unquoted(l, value, query.language, byHand);
  } else if (!QUOTES[query.language].includes(quote.name)) {
    const wanted = QUOTES[query.language][0] ?? "graphql";
    const fix: Fix = { title: `Quote for ${query.language}: \`quote.${wanted}(…)\``, edits: [{ start: quote.node.getStart(l.source), end: quote.node.end, text: wanted }] };
    l.faults.warning(value, "QUOTE_WRONG", `quote.${quote.name} does not make a value safe in ${query.language}.`, `Write \`quote.${wanted}(value)\`.`, fix);
  } else if (byHand.length > 0) {
    l.faults.warning(value, "QUOTE_WRONG", `quote.${quote.name} brings its own quotes; here it stands between others, which end the value early.`, "Take the quotes around it away.", { title: "Take the quotes around it away", edits: byHand });
  }
}

function unquoted(l: Lowering, value: ts.Expression, language: QueryLanguage, byHand: readonly TextEdit[]): void {
  const wanted = QUOTES[language][0] ?? "graphql";
  const [start, end] = [value.getStart(l.source), value.end];
  const imported = importEdits(l.source, "quote");
  // Which literals a search takes, and where, is for a person to say; what is no text for sure is not quoted as one.
  const open = language === "search" || language === "condition" || ![...l.facts.kinds(value)].every((kind) => kind === "string");
  const fix: Fix | null = imported === null || open ? null : {
    title: `Quote it: \`quote.${wanted}(…)\``,
    edits: [...imported, ...byHand.filter((edit) => edit.start < start), { start, end: start, text: `quote.${wanted}(` }, { start: end, end, text: ")" }, ...byHand.filter((edit) => edit.start >= end)],
  };
  l.faults.warning(value, "QUERY_UNQUOTED", "This value goes into the query as it is and could change its meaning.", `Wrap it: \`quote.${wanted}(value)\` gives a literal with its quotes.`, fix);
}

/** The edits that take away quotes written right before and after a value of a template; none when there are none. */
function handQuotes({ texts, template }: Spliced, index: number): readonly TextEdit[] {
  const [before, after] = [texts[index]?.at(-1), texts[index + 1]?.at(0)];
  const span = template?.templateSpans[index];
  if (template === null || span === undefined || before === undefined || before !== after || !["'", '"'].includes(before)) return [];
  const opening = (index === 0 ? template.head.end : template.templateSpans[index - 1]?.literal.end ?? 0) - "${".length;
  const closing = span.literal.getStart() + "}".length;
  return [{ start: opening - 1, end: opening, text: "" }, { start: closing, end: closing + 1, text: "" }];
}

function quoteOf(l: Lowering, node: ts.Expression): { readonly name: string; readonly node: ts.Node } | null {
  const inner = unwrap(node);
  if (!ts.isCallExpression(inner) || !ts.isPropertyAccessExpression(inner.expression)) return null;
  const called = calledName(l, inner.expression);
  return called?.kind === "builtin" && called.name.startsWith("quote.") ? { name: called.name.slice("quote.".length), node: inner.expression.name } : null;
}

/** Literals, numbers, quoted values, and what is put together of these. */
function isSafe(l: Lowering, node: ts.Expression, given: Query["given"], depth: number): boolean {
  const inner = unwrap(node);
  if (depth > MAX_DEPTH || quoteOf(l, inner) !== null) return depth <= MAX_DEPTH;
  if (l.facts.isLiteral(inner) || [...l.facts.kinds(inner)].every((kind) => kind === "number" || kind === "boolean")) return true;
  if (ts.isConditionalExpression(inner)) return [inner.whenTrue, inner.whenFalse].every((branch) => isSafe(l, branch, given, depth + 1));
  const spliced = splicedOf(inner);
  if (spliced !== null) return spliced.values.every((value) => isSafe(l, value, given, depth + 1));
  if (ts.isCallExpression(inner)) {
    const helper = helperCalled(l, inner);
    if (helper !== null) return isSafe(l, helper.body, argumentsOf(l, helper, inner), depth + 1);
    // A list of safe parts, put between safe texts.
    const list = ts.isPropertyAccessExpression(inner.expression) && inner.expression.name.text === "join" ? unwrap(inner.expression.expression) : null;
    return list !== null && isSafeList(l, list, given, depth + 1);
  }
  if (!ts.isIdentifier(inner)) return false;
  const symbol = l.facts.symbol(inner);
  const argument = symbol === undefined ? undefined : given.get(symbol);
  if (argument !== undefined) return isSafe(l, argument, NOTHING, depth + 1);
  const initializer = initializerOf(l, inner);
  return initializer !== undefined && isSafe(l, initializer, given, depth + 1);
}

function isSafeList(l: Lowering, list: ts.Expression, given: Query["given"], depth: number): boolean {
  const inner = ts.isIdentifier(list) ? unwrap(initializerOf(l, list) ?? list) : list;
  if (ts.isArrayLiteralExpression(inner)) return inner.elements.every((element) => isSafe(l, element, given, depth));
  if (!ts.isCallExpression(inner) || !ts.isPropertyAccessExpression(inner.expression) || inner.expression.name.text !== "map") return false;
  const [made] = inner.arguments;
  if (made === undefined) return false;
  if (ts.isArrowFunction(made)) return !ts.isBlock(made.body) && isSafe(l, made.body, given, depth);
  return ts.isPropertyAccessExpression(made) && made.getText(l.source).startsWith("quote.");
}

/** What a `const` of this module is made from. */
function initializerOf(l: Lowering, node: ts.Identifier): ts.Expression | undefined {
  const declared = l.facts.symbol(node)?.valueDeclaration;
  if (declared === undefined || !ts.isVariableDeclaration(declared) || declared.getSourceFile() !== l.source) return undefined;
  return (declared.parent.flags & ts.NodeFlags.Const) === 0 ? undefined : declared.initializer;
}

interface QueryHelper {
  readonly parameters: readonly ts.ParameterDeclaration[];
  readonly body: ts.Expression;
}

function helperCalled(l: Lowering, node: ts.CallExpression): QueryHelper | null {
  const callee = unwrap(node.expression);
  const made = ts.isIdentifier(callee) ? initializerOf(l, callee) : undefined;
  const arrow = made === undefined ? undefined : unwrap(made);
  return arrow !== undefined && ts.isArrowFunction(arrow) && !ts.isBlock(arrow.body) ? { parameters: arrow.parameters, body: arrow.body } : null;
}

function argumentsOf(l: Lowering, helper: QueryHelper, call: ts.CallExpression): Query["given"] {
  return new Map(helper.parameters.flatMap((parameter, index) => {
    const argument = call.arguments[index];
    const symbol = ts.isIdentifier(parameter.name) ? l.facts.symbol(parameter.name) : undefined;
    return argument === undefined || symbol === undefined ? [] : [[symbol, argument] as const];
  }));
}
