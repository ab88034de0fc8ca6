import { annotationTree } from "./annotation-tree.ts";
import { type Document, group, type GroupId, ifBroken, indent, layout, SOFT, SPACE } from "./document.ts";
import { escaped, quoted, rawQuoted } from "./literals.ts";
import { blockText, brokenText, type TextParts } from "./layout-text.ts";
import { canOmitParentheses, parenthesesOf, precedence } from "./parentheses.ts";
import type { PyArgument, PyEntry, PyExpression, PyParameter } from "./tree.ts";

/**
 * Where an expression stands, as ruff tells it: at the top of a statement no line may break without parentheses; inside of
 * parentheses every line may; behind optional ones, where these are printed.
 */
export type Level = "top" | "inside" | GroupId;

/** A whole expression of a statement: with parentheses around it when it does not fit otherwise. */
export function statementExpression(expression: PyExpression, level: Level = "top"): Document {
  if (level === "inside") return bare(expression, level);
  if (expression.kind === "named") return ["(", bare(expression, "inside"), ")"];
  const needs = parenthesesOf(expression);
  if (needs === "never") return bare(expression, level);
  if (needs === "best-fit") return bestFit(expression);
  const id: GroupId = { broken: false };
  if (canOmitParentheses(expression)) return group([ifBroken("("), indent([SOFT, bare(expression, id)], id), SOFT, ifBroken(")")], id);
  return parenthesizedIfBroken(bare(expression, "inside"));
}

function textParts(expression: Extract<PyExpression, { readonly kind: "string" | "formatted" }>): TextParts {
  if (expression.kind === "string") return [expression.value];
  return expression.parts.map((part) => (typeof part === "string" ? part : { braces: inBraces(part) }));
}

/** What may be written as several texts, one below the other, where it stands alone between commas. */
function apart(expression: PyExpression): Document {
  const whole = operand(expression, 1, "inside");
  return (expression.kind === "formatted" ? brokenText(textParts(expression), layout(whole, Infinity)) : null) ?? whole;
}

function parenthesizedIfBroken(body: Document): Document {
  return group([ifBroken("("), indent([SOFT, body]), SOFT, ifBroken(")")]);
}

/** Parentheses only where they make it fit; a text that is too long either way stays where it is. */
function bestFit(expression: PyExpression): Document {
  const block = (expression.kind === "string" || expression.kind === "formatted") && expression.isBlock === true ? blockText(textParts(expression)) : null;
  if (block !== null) return block;
  const flat = layout(bare(expression, "top"), Infinity);
  const broken = expression.kind === "formatted" ? brokenText(textParts(expression), flat) : null;
  return { kind: "best-fit", text: flat, ...(broken === null ? {} : { broken }) };
}

/** An expression that stands in another one: in parentheses where it would bind weaker. */
export function operand(expression: PyExpression, at: number, level: Level): Document {
  if (precedence(expression) >= at) return bare(expression, level);
  return bracketed("(", bare(expression, "inside"), ")", level);
}

/** Brackets of its own: what is in them breaks when it has to. */
function bracketed(open: string, body: Document, close: string, level: Level): Document {
  const whole = group([open, indent([SOFT, body]), SOFT, close]);
  return typeof level === "string" ? whole : { kind: "sheer", body: whole, of: level };
}

function bare(expression: PyExpression, level: Level): Document {
  switch (expression.kind) {
    case "name": return expression.name;
    case "literal": return expression.text;
    case "string": return expression.raw === true ? rawQuoted(expression.value) : quoted(expression.value);
    case "formatted": return formattedText(expression.parts);
    case "list": return expression.items.length === 0 ? "[]" : bracketed("[", commas(expression.items.map((item) => operand(item, 1, "inside"))), "]", level);
    case "tuple": return expression.items.length === 1 ? ["(", operand(expression.items[0] ?? NONE, 1, "inside"), ",)"] : bracketed("(", commas(expression.items.map((item) => operand(item, 1, "inside"))), ")", level);
    case "dict": return expression.entries.length === 0 ? "{}" : bracketed("{", commas(expression.entries.map(entry)), "}", level);
    case "call": return [operand(expression.callee, PRIMARY, level), argumentList(expression.args, level)];
    case "attribute": return [numeric(expression.value) ? ["(", bare(expression.value, "inside"), ")"] : operand(expression.value, PRIMARY, level), ".", expression.name];
    case "subscript": return [operand(expression.value, PRIMARY, level), bracketed("[", index(expression.index), "]", level)];
    case "lambda": return lambda(expression, level);
    case "conditional": return conditional(expression, level);
    case "binary": return binaryLike(expression, level);
    case "not": return ["not ", operand(expression.value, NOT, level)];
    case "minus": return ["-", operand(expression.value, UNARY, level)];
    case "await": return ["await ", operand(expression.value, PRIMARY, level)];
    case "comprehension": return comprehension(expression, level);
    case "star": return ["*", operand(expression.value, OPERAND_OF_STAR, level)];
    case "named": return [expression.name, " := ", operand(expression.value, 1, level)];
  }
}

/** Several stand between the brackets as arguments do. */
function index(expression: PyExpression): Document {
  return expression.kind === "tuple" ? group(commas(expression.items.map((item) => operand(item, 1, "inside")))) : bare(expression, "inside");
}

const NONE: PyExpression = { kind: "literal", text: "None" };
const [NOT, UNARY, PRIMARY, OPERAND_OF_STAR] = [5, 12, 14, 7];

function numeric(expression: PyExpression): boolean {
  return expression.kind === "literal" && /^[\d-]/.test(expression.text);
}

/** With a comma behind the last of several where lines are broken. */
function commas(items: readonly Document[]): Document {
  return [...items.flatMap((item, index): readonly Document[] => (index === 0 ? [item] : [",", SPACE, item])), items.length > 1 ? ifBroken(",") : ""];
}

function entry(one: PyEntry): Document {
  if ("spread" in one) return ["**", operand(one.spread, OPERAND_OF_STAR, "inside")];
  return group([operand(one.key, 1, "inside"), ": ", apart(one.value)]);
}

function argumentList(args: readonly PyArgument[], level: Level): Document {
  const [only, ...more] = args;
  // What gives one after the other needs no parentheses of its own where it is all that is given.
  if (more.length === 0 && only?.kind === "positional" && only.value.kind === "comprehension" && only.value.lazy === true) return bracketed("(", comprehensionParts(only.value), ")", level);
  return args.length === 0 ? "()" : bracketed("(", group(commas(args.map(argument))), ")", level);
}

function argument(one: PyArgument): Document {
  switch (one.kind) {
    case "positional": return one.value.kind === "named" ? group(bare(one.value, "inside")) : group(apart(one.value));
    case "keyword": return group([one.name, "=", apart(one.value)]);
    case "star": return ["*", operand(one.value, OPERAND_OF_STAR, "inside")];
    case "double-star": return ["**", operand(one.value, OPERAND_OF_STAR, "inside")];
  }
}

/** The parameters of a function, without what is around them. */
export function parameter({ name, star, annotation, fallback }: PyParameter): Document {
  const head: Document = [`${star === true ? "*" : ""}${name}`, annotation === undefined ? "" : [": ", bare(annotationTree(annotation), "inside")]];
  if (fallback === undefined) return head;
  return [head, annotation === undefined ? "=" : " = ", operand(fallback, 1, "inside")];
}

function lambda({ parameters, body }: Extract<PyExpression, { readonly kind: "lambda" }>, level: Level): Document {
  const head: Document = parameters.length === 0 ? "lambda: " : ["lambda ", parameters.map((one, index): Document => [index === 0 ? "" : ", ", parameter(one)]), ": "];
  if (parenthesesOf(body) !== "multiline") return [head, bare(body, level)];
  return [head, body.kind === "lambda" ? bare(body, level) : parenthesizedIfBroken(bare(body, "inside"))];
}

function conditional(expression: Extract<PyExpression, { readonly kind: "conditional" }>, level: Level): Document {
  const line = breakable(level);
  const otherwise = expression.otherwise.kind === "conditional" ? conditionalParts(expression.otherwise, level) : operand(expression.otherwise, 2, level);
  return onlyInParentheses([operand(expression.then, 3, level), line, "if ", operand(expression.test, 3, level), line, "else ", otherwise], level);
}

/** A chain of conditions breaks as one. */
function conditionalParts(expression: Extract<PyExpression, { readonly kind: "conditional" }>, level: Level): Document {
  const line = breakable(level);
  const otherwise = expression.otherwise.kind === "conditional" ? conditionalParts(expression.otherwise, level) : operand(expression.otherwise, 2, level);
  return [operand(expression.then, 3, level), line, "if ", operand(expression.test, 3, level), line, "else ", otherwise];
}

/** A line that breaks only where parentheses are around. */
function breakable(level: Level): Document {
  if (level === "top") return " ";
  return level === "inside" ? SPACE : ifBroken(SPACE, level, " ");
}

function onlyInParentheses(body: Document, level: Level): Document {
  if (level === "top") return body;
  return level === "inside" ? group(body) : { kind: "group", body, when: level };
}

type Comprehension = Extract<PyExpression, { readonly kind: "comprehension" }>;

function comprehension(expression: Comprehension, level: Level): Document {
  const [open, close] = expression.lazy === true ? ["(", ")"] : ["[", "]"];
  return bracketed(open, comprehensionParts(expression), close, level);
}

function comprehensionParts({ element, target, items, conditions }: Comprehension): Document {
  const tests = conditions.flatMap((condition): readonly Document[] => [SPACE, "if ", operand(condition, 3, "inside")]);
  return group([group(operand(element, 1, "inside")), SPACE, "for ", target, " in ", operand(items, 3, "inside"), ...tests]);
}

type Flat = { readonly operand: Document } | { readonly operator: string; readonly precedence: number };

/** Operators of different strength break from the weakest on. */
function binaryLike(expression: PyExpression, level: Level): Document {
  return onlyInParentheses(slice(flatten(expression, level), level), level);
}

function flatten(expression: PyExpression, level: Level): readonly Flat[] {
  if (expression.kind !== "binary") return [{ operand: bare(expression, level) }];
  const own = precedence(expression);
  const side = (value: PyExpression, at: number): readonly Flat[] => (precedence(value) >= at && value.kind === "binary" ? flatten(value, level) : [{ operand: operand(value, at, level) }]);
  const chains = own === 6 ? 7 : own;
  const rightIsSame = own <= 4 && expression.right.kind === "binary" && expression.right.operator === expression.operator;
  return [...side(expression.left, chains), { operator: expression.operator, precedence: own }, ...side(expression.right, rightIsSame ? own : own + 1)];
}

function slice(parts: readonly Flat[], level: Level): Document {
  const operators = parts.flatMap((part, index) => ("operator" in part ? [{ ...part, index }] : []));
  const weakest = Math.min(...operators.map((part) => part.precedence));
  const out: Document[] = [];
  let from = 0;
  const push = (end: number): void => {
    const piece = parts.slice(from, end);
    const [only] = piece;
    out.push(piece.length === 1 && only !== undefined && "operand" in only ? only.operand : onlyInParentheses(slice(piece, level), level));
  };
  for (const { operator, index, precedence: strength } of operators) {
    if (strength !== weakest) continue;
    push(index);
    out.push(breakable(level), operator, " ");
    from = index + 1;
  }
  push(parts.length);
  return out;
}

/** Whether an expression may stand between the braces of a formatted text of Python 3.11. */
export function fitsInFormatted(value: PyExpression): boolean {
  const text = inBraces(value);
  return !/["\\\n{}#]/.test(text) && !text.startsWith("{") && value.kind !== "lambda" && value.kind !== "named";
}

function inBraces(value: PyExpression): string {
  return layout(operand(singleQuoted(value), 1, "inside"), Infinity);
}

function formattedText(parts: readonly (string | PyExpression)[]): Document {
  const nested = parts.some((part) => typeof part !== "string" && inBraces(part).includes("'"));
  const literal = parts.filter((part) => typeof part === "string").join("");
  const quote = !nested && literal.split("\"").length > literal.split("'").length ? "'" : "\"";
  const inside = parts.map((part) => (typeof part === "string" ? escaped(part, quote).replace(/[{}]/g, "$&$&") : `{${inBraces(part)}}`)).join("");
  return `f${quote}${inside}${quote}`;
}

/** The same with single quotes around its texts. */
function singleQuoted(value: PyExpression): PyExpression {
  const walk = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(walk);
    if (typeof node !== "object" || node === null) return node;
    if ("kind" in node && node.kind === "string" && "value" in node && typeof node.value === "string") return { kind: "literal", text: quoted(node.value, "'") };
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, walk(child)]));
  };
  return walk(value) as PyExpression;
}
