import type { Expression, Spreadable } from "../../program/index.ts";
import { printCallback, printComprehension } from "./callbacks.ts";
import { BUILTIN_FUNCTIONS, METHOD_FUNCTIONS, METHODS_KEPT, VALUES } from "./library.ts";
import { isAlwaysThere, isOfCaught, isSplitByText, isTextOrAbsent, kindOf } from "./kinds.ts";
import { kept } from "./operators.ts";
import { library, type Printing } from "./printing.ts";
import { binary, call, literal, positional, type PyArgument, type PyExpression, string } from "./tree.ts";

type Of<K extends Expression["kind"]> = Extract<Expression, { readonly kind: K }>;
type Link = Of<"get"> | Of<"index"> | Of<"method">;

/** What an optional chain has found absent so far. */
type Cuts = PyExpression[];

/** An optional chain: `undefined` where a link finds nothing. */
export function printChain(p: Printing, e: Of<"chain">): PyExpression {
  const cuts: Cuts = [];
  const value = link(p, e.value, cuts);
  const [first, ...more] = cuts;
  if (first === undefined) return value;
  const test = more.reduce((left, right) => binary("or", left, right), first);
  return { kind: "conditional", test, then: library(VALUES.undefined), otherwise: value };
}

/** A member or a method call. */
export function printMember(p: Printing, e: Link): PyExpression {
  return link(p, e, []);
}

function link(p: Printing, e: Expression, cuts: Cuts): PyExpression {
  if (e.kind !== "get" && e.kind !== "index" && e.kind !== "method") return p.expression(e);
  let value = link(p, e.value, cuts);
  if (e.optional === true) {
    const { first, again } = kept(p, value);
    cuts.push(call(library(VALUES.absent), first));
    value = again;
  }
  if (e.kind === "get") return property(p, e, value);
  if (e.kind === "index") return call(library(VALUES.item), value, p.expression(e.index));
  return method(p, e, value);
}

function property(p: Printing, e: Of<"get">, value: PyExpression): PyExpression {
  const on = kindOf(p, e.value);
  if (e.name === "length" && on === "array") return call("len", value);
  if (e.name === "length" && (on === "string" || e.on === "string" || e.on === "array")) return call(library(VALUES.length), value);
  if (e.name === "size" && (on === "map" || on === "set")) return call("len", value);
  if (isOfCaught(p, e)) return { kind: "subscript", value, index: string(e.name) };
  if (isAlwaysThere(p, e)) return { kind: "subscript", value, index: string(e.name) };
  return call(library(VALUES.get), value, string(e.name));
}

function method(p: Printing, e: Of<"method">, value: PyExpression): PyExpression {
  const comprehension = e.name === "find" ? null : printComprehension(p, e, value);
  if (comprehension !== null) return comprehension;
  const args = e.args.map((one) => argumentOf(p, one));
  const on = kindOf(p, e.value);
  // Only texts have these in Python, too: what is none is refused there as well.
  if ((on === "string" || e.on === "string") && takesText(e) && (e.name === "startsWith" || e.name === "endsWith")) {
    return { kind: "call", callee: { kind: "attribute", value, name: e.name.toLowerCase() }, args };
  }
  if (METHODS_KEPT[on]?.has(e.name) === true || (e.name === "split" && e.value.kind !== "const" && isSplitByText(p, e)) || (e.name === "test" && on === "regexp" && e.args.length === 1)) return { kind: "call", callee: { kind: "attribute", value, name: e.name }, args };
  return { kind: "call", callee: library(METHOD_FUNCTIONS[e.name] ?? e.name), args: [positional(value), ...args] };
}

/** Whether what it is asked for ends, or begins, with a character that is written out: with half of one Python finds nothing where JavaScript does. */
function takesText({ name, args: [only, ...more] }: Of<"method">): boolean {
  if (more.length > 0 || only === undefined || "spread" in only) return false;
  const written = only.kind === "template" ? only.texts.at(name === "startsWith" ? -1 : 0) : only.kind === "const" ? only.value : undefined;
  return typeof written === "string" && (written !== "" || only.kind === "const") && written.isWellFormed();
}

/** An argument of a method, of a function of the language or of a helper. */
export function argumentOf(p: Printing, one: Spreadable<Expression>): PyArgument {
  if ("spread" in one) return { kind: "star", value: spreadItems(p, one.spread) };
  return positional(one.kind === "function" ? printCallback(p, one.fn, "function") : p.expression(one));
}

/** What is gone through at once: lists as they are. */
export function spreadItems(p: Printing, e: Expression): PyExpression {
  const value = p.expression(e);
  return kindOf(p, e) === "array" ? value : call(library(VALUES.iterate), value);
}

/** A value that may be absent, and what tells of a name that holds it that it is: of texts Python looks for the first one itself. */
export function printPossible(p: Printing, e: Expression): { readonly value: PyExpression; readonly isAbsent: (own: PyExpression) => PyExpression } {
  const isAbsent = (own: PyExpression): PyExpression => call(library(VALUES.absent), own);
  if (e.kind !== "method" || e.name !== "find" || !isTextOrAbsent(p, e)) return { value: p.expression(e), isAbsent };
  const texts = p.expression(e.value);
  const found = printComprehension(p, e, texts);
  if (found === null) return { value: { kind: "call", callee: library("find"), args: [positional(texts), ...e.args.map((one) => argumentOf(p, one))] }, isAbsent };
  return { value: call("next", { ...found, lazy: true }, literal("None")), isAbsent: (own) => binary("is", own, literal("None")) };
}

/** A function of JavaScript or of `offstage`. */
export function printBuiltin(p: Printing, e: Of<"builtin">): PyExpression {
  const [only] = e.args;
  if (e.name === "String" && only !== undefined && !("spread" in only) && ["string", "number", "boolean"].includes(kindOf(p, only))) return call(library(VALUES.text), p.expression(only));
  return { kind: "call", callee: library(BUILTIN_FUNCTIONS[e.name] ?? e.name), args: e.args.map((one) => argumentOf(p, one)) };
}

/** A pattern: `regexp(r"…", "i")`. */
export function printRegexp(e: Of<"regexp">): PyExpression {
  const source: PyExpression = { kind: "string", value: e.source, raw: true };
  return e.flags === "" ? call(library(VALUES.regexp), source) : call(library(VALUES.regexp), source, string(e.flags));
}
