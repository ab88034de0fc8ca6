import type { Expression } from "../../program/index.ts";
import { printFunction } from "./callbacks.ts";
import { fitsInFormatted } from "./layout-expression.ts";
import { VALUES } from "./library.ts";
import { printData } from "./data.ts";
import { isCount, isFresh, kindOf } from "./kinds.ts";
import { printBuiltin, printChain, printMember, printRegexp, argumentOf, spreadItems } from "./members.ts";
import { printObject } from "./objects.ts";
import { assignedValue, concatenated, printBinary, printCondition, printLogical, printUnary } from "./operators.ts";
import { helperOf, library, type Printing, slotOf } from "./printing.ts";
import { printStep } from "./steps.ts";
import { call, name, type PyExpression, string } from "./tree.ts";

/** An expression of a Program as one of Python. Functions that it needs go before the statement. */
export function printExpression(p: Printing, e: Expression): PyExpression {
  switch (e.kind) {
    case "const": return typeof e.value === "string" ? { ...string(e.value), ...isBlock(p, e) } : printData(e.value);
    case "undefined": return library(VALUES.undefined);
    case "regexp": return printRegexp(e);
    case "local": return slotOf(p, e).read ?? name(slotOf(p, e).name);
    case "global": return name(p.module.globals[e.index]?.name ?? "unknown");
    case "template": return printTemplate(p, e);
    case "object": return printObject(p, e.entries);
    case "array": return printArray(p, e);
    case "function": {
      const named = p.names.take("function");
      p.before.push(printFunction(p, e.fn, named));
      return name(named);
    }
    case "conditional": return { kind: "conditional", test: printCondition(p, e.test), then: printExpression(p, e.then), otherwise: printExpression(p, e.otherwise) };
    case "logical": return printLogical(p, e);
    case "unary": return printUnary(p, e);
    case "binary": return printBinary(p, e);
    case "get": case "index": case "method": return printMember(p, e);
    case "chain": return printChain(p, e);
    case "call": return printCall(p, e);
    case "builtin": return printBuiltin(p, e);
    case "assign": {
      const { name: named, value } = assignedValue(p, e);
      return { kind: "named", name: named, value };
    }
    default: return printStep(p, e);
  }
}

/** A call of a helper, awaited where it takes steps that may pause. */
function printCall(p: Printing, e: Extract<Expression, { readonly kind: "call" }>): PyExpression {
  const helper = helperOf(p, e.callee);
  const spread = e.args.findIndex((one) => "spread" in one);
  const given = spread === -1 ? e.args.length : spread;
  if (helper !== null) p.findings.fewest.set(helper, Math.min(p.findings.fewest.get(helper) ?? Infinity, given));
  const callee = printExpression(p, e.callee);
  const value: PyExpression = { kind: "call", callee, args: e.args.map((one) => argumentOf(p, one)), ...(e.callSite === undefined ? {} : { site: e.callSite }) };
  return helper?.steps === true ? { kind: "await", value } : value;
}

function printTemplate(p: Printing, e: Extract<Expression, { readonly kind: "template" }>): PyExpression {
  const { texts, values } = e;
  const block = isBlock(p, e);
  const parts: (string | PyExpression)[] = [];
  // Values that may begin or end with half of a character.
  const torn = new Set<string | PyExpression>();
  // What Python's `len` gives is formatted as it is: no number that JavaScript writes otherwise.
  const counts = new Map<string | PyExpression, PyExpression>();
  texts.forEach((text, index) => {
    if (text !== "") parts.push(text);
    const value = values[index];
    if (value === undefined) return;
    const kind = kindOf(p, value);
    const plain = p.expression(value);
    const printed = kind === "string" ? plain : call(library(VALUES.text), plain);
    if (isCount(p, value) || (plain.kind === "call" && plain.callee.kind === "name" && plain.callee.name === "len")) counts.set(printed, plain);
    if (kind !== "number" && kind !== "boolean" && !isWholeConstant(p, value)) torn.add(printed);
    parts.push(printed);
  });
  if (values.length === 0) return { ...string(texts.join("")), ...block };
  const meet = parts.some((part, index) => index > 0 && torn.has(part) && torn.has(parts[index - 1] ?? ""));
  const fits = !meet && parts.every((part) => typeof part === "string" || fitsInFormatted(part)) && fitsTogether(parts);
  return fits && parts.length > 1 ? { kind: "formatted", parts: parts.map((part) => counts.get(part) ?? part), ...block } : joined(parts);
}

/** Whether a text is written over several lines in the program. */
function isBlock({ debug: { source } }: Printing, e: Extract<Expression, { readonly kind: "const" | "template" }>): { readonly isBlock?: true } {
  const texts = e.kind === "template" ? e.texts : typeof e.value === "string" ? [e.value] : [];
  if (e.at === undefined || source[e.at] !== "`" || !texts.some((text) => text.includes("\n"))) return {};
  let place = e.at;
  for (const [index, text] of texts.entries()) {
    place = source.indexOf(`${index === 0 ? "`" : "}"}${text}${index === texts.length - 1 ? "`" : "$"}`, place);
    if (place === -1 || (index === 0 && place !== e.at)) return {};
  }
  return { isBlock: true };
}

/** A constant of the module that is a text without half a character. */
function isWholeConstant(p: Printing, e: Expression): boolean {
  const value = e.kind === "global" ? p.facts.globals[e.index]?.value : undefined;
  return value?.kind === "const" && typeof value.value === "string" && value.value.isWellFormed();
}

/** Quotes of the text and of what is between braces would meet. */
function fitsTogether(parts: readonly (string | PyExpression)[]): boolean {
  const isQuoted = parts.some((part) => typeof part === "string" && part.includes("\""));
  return !isQuoted || !parts.some((part) => typeof part !== "string" && containsText(part));
}

function containsText(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  if ("kind" in node && (node.kind === "string" || node.kind === "formatted")) return true;
  return Object.values(node).some(containsText);
}

function joined(parts: readonly (string | PyExpression)[]): PyExpression {
  const values = parts.map((part) => (typeof part === "string" ? string(part) : part));
  const [first = string(""), ...more] = values;
  return more.reduce((left, right) => concatenated(left, right), first);
}

function printArray(p: Printing, e: Extract<Expression, { readonly kind: "array" }>): PyExpression {
  const [only, ...more] = e.items;
  // What is a list of its own by now is not copied.
  if (only !== undefined && more.length === 0 && "spread" in only && (kindOf(p, only.spread) === "map" || isFresh(p, only.spread))) return spreadItems(p, only.spread);
  return { kind: "list", items: e.items.map((one) => ("spread" in one ? { kind: "star", value: spreadItems(p, one.spread) } : printExpression(p, one))) };
}
