import type { Expression, Spreadable } from "../../program/index.ts";
import { printCallback } from "./callbacks.ts";
import { asItems, itemsGiven, printComprehension, printSum } from "./comprehensions.ts";
import type { Given } from "./given.ts";
import { BUILTIN_FUNCTIONS, METHOD_FUNCTIONS, METHODS_KEPT, VALUES } from "./library.ts";
import { isAlwaysThere, isFresh, isOfCaught, isOfMap, isSplitByText, isTextOrAbsent, kindOf } from "./kinds.ts";
import { callbackName } from "./naming.ts";
import { isAtHand, kept } from "./operators.ts";
import { library, type Printing } from "./printing.ts";
import { sortKey } from "./sorting.ts";
import { binary, call, keyword, literal, positional, type PyArgument, type PyExpression, string } from "./tree.ts";

type Of<K extends Expression["kind"]> = Extract<Expression, { readonly kind: K }>;
type Link = Of<"get"> | Of<"index"> | Of<"method">;

/** What an optional chain has found absent so far. */
type Cuts = PyExpression[];

/** An optional chain: `undefined` where a link finds nothing. */
export function printChain(p: Printing, e: Of<"chain">): PyExpression {
  return possible(p, e.value);
}

/** A chain up to one of its links. */
function possible(p: Printing, e: Expression): PyExpression {
  const plain = isLink(e) && e.optional === true ? printMaybe(p, e) : null;
  if (plain !== null) return plain;
  const cuts: Cuts = [];
  const value = link(p, e, cuts);
  const [first, ...more] = cuts;
  if (first === undefined) return value;
  const test = more.reduce((left, right) => binary("or", left, right), first);
  return { kind: "conditional", test, then: library(VALUES.undefined), otherwise: value };
}

function isLink(e: Expression): e is Link {
  return e.kind === "get" || e.kind === "index" || e.kind === "method";
}

/** A last link that needs nothing done for it but what it is asked of: a function looks whether there is anything to ask. */
function printMaybe(p: Printing, e: Link): PyExpression | null {
  if (e.kind === "get") return call(library(VALUES.maybeGet), possible(p, e.value), string(e.name));
  if (e.kind === "index") return isAtHand(p, e.index) ? call(library(VALUES.maybe), possible(p, e.value), library(VALUES.item), p.expression(e.index)) : null;
  const named = METHOD_FUNCTIONS[e.name];
  const args = e.args.map((one) => ("spread" in one || !isAtHand(p, one) ? null : one)).filter((one) => one !== null);
  if (named === undefined || args.length < e.args.length) return null;
  const value = possible(p, e.value);
  return call(library(VALUES.maybe), value, library(named), ...args.map((one) => p.expression(one)));
}

/** A member or a method call. */
export function printMember(p: Printing, e: Link): PyExpression {
  return link(p, e, []);
}

function link(p: Printing, e: Expression, cuts: Cuts): PyExpression {
  if (!isLink(e)) return p.expression(e);
  const before = e.optional === true && isLink(e.value) && e.value.optional === true ? printMaybe(p, e.value) : null;
  let value = before ?? link(p, e.value, cuts);
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
  const plainer = (e.name === "find" ? null : printComprehension(p, e, value)) ?? printSum(p, e, value) ?? printSorted(p, e, value) ?? printSlice(p, e, value);
  if (plainer !== null) return plainer;
  const isTuple = takesApart(p, e);
  const args = e.args.map((one) => methodArgument(p, e, one, isTuple));
  const on = kindOf(p, e.value);
  // Only texts have these in Python, too: what is none is refused there as well.
  if ((on === "string" || e.on === "string") && takesText(e) && (e.name === "startsWith" || e.name === "endsWith")) {
    return { kind: "call", callee: { kind: "attribute", value, name: e.name.toLowerCase() }, args };
  }
  if (METHODS_KEPT[on]?.has(e.name) === true || (e.name === "split" && e.value.kind !== "const" && isSplitByText(p, e)) || (e.name === "test" && on === "regexp" && e.args.length === 1)) return { kind: "call", callee: { kind: "attribute", value, name: e.name }, args };
  return { kind: "call", callee: library(METHOD_FUNCTIONS[e.name] ?? e.name), args: [positional(isTuple ? asItems(value) : value), ...args] };
}

/** Whether a method gives the pairs of a map to a function that takes them apart, and to nobody else. */
function takesApart(p: Printing, e: Of<"method">): boolean {
  const [only, ...more] = e.args;
  if (!PARTS_ONLY.has(e.name) || more.length > 0 || only === undefined || "spread" in only || only.kind !== "function") return false;
  const [pair, , list] = only.fn.parameters;
  return pair?.pattern.kind === "array" && pair.fallback === undefined && list === undefined && only.fn.rest === undefined && isOfMap(p, e.value);
}

const PARTS_ONLY: ReadonlySet<string> = new Set(["map", "flatMap", "some", "every"]);

/** Whether what it is asked for ends, or begins, with a character that is written out: with half of one Python finds nothing where JavaScript does. */
function takesText({ name, args: [only, ...more] }: Of<"method">): boolean {
  if (more.length > 0 || only === undefined || "spread" in only) return false;
  const written = only.kind === "template" ? only.texts.at(name === "startsWith" ? -1 : 0) : only.kind === "const" ? only.value : undefined;
  return typeof written === "string" && (written !== "" || only.kind === "const") && written.isWellFormed();
}

/** `list[:3]` of a list that is Python's own, between places that are written out. */
function printSlice(p: Printing, e: Of<"method">, value: PyExpression): PyExpression | null {
  const places = e.args.map((one) => ("spread" in one ? null : placeOf(one)));
  const [start = null, end] = places;
  if (e.name !== "slice" || !isFresh(p, e.value) || start === null || end === null || places.length > 2) return null;
  return { kind: "subscript", value, index: literal(`${start === 0 ? "" : String(start)}:${end === undefined ? "" : String(end)}`) };
}

function placeOf(e: Expression): number | null {
  if (e.kind === "unary" && e.operator === "-") return e.value.kind === "const" && Number.isSafeInteger(e.value.value) ? -Number(e.value.value) : null;
  return e.kind === "const" && Number.isSafeInteger(e.value) ? Number(e.value) : null;
}

/** A list sorted by something of each item, where its comparator does nothing else. */
function printSorted(p: Printing, e: Of<"method">, value: PyExpression): PyExpression | null {
  const sort = sortKey(e);
  if (sort === null) return null;
  const [parameter] = sort.fn.parameters;
  const isItself = parameter?.pattern.kind === "bind" && sort.key.kind === "local" && sort.key.up === 0;
  const key = isItself ? [] : [positional(withoutLambda(printCallback(p, sort.fn, "sort_key", [{ ...itemsGiven(p, e.value), isKeyed: true }])))];
  return { kind: "call", callee: library(sort.subtracts ? VALUES.sortedByNumber : VALUES.sortedBy), args: [positional(value), ...key, ...(sort.reverse ? [keyword("reverse", literal("True"))] : [])] };
}

/** `lambda one: length(one)` is `length`. */
function withoutLambda(key: PyExpression): PyExpression {
  if (key.kind !== "lambda" || key.body.kind !== "call" || key.body.callee.kind !== "name" || key.parameters.length !== 1) return key;
  const [only, ...more] = key.body.args;
  return more.length === 0 && only?.kind === "positional" && only.value.kind === "name" && only.value.name === key.parameters[0]?.name ? key.body.callee : key;
}

/** An argument of a method: a callback knows what it is given. */
function methodArgument(p: Printing, e: Of<"method">, one: Spreadable<Expression>, isTuple: boolean): PyArgument {
  if ("spread" in one || one.kind !== "function") return argumentOf(p, one);
  const items: Given = { ...itemsGiven(p, e.value), ...(isTuple ? { isTuple } : {}) };
  return positional(printCallback(p, one.fn, callbackName(p, e), e.name === "reduce" ? [undefined, items] : e.name === "toSorted" ? [items, items] : [items]));
}

/** An argument of a function of the language or of a helper. */
export function argumentOf(p: Printing, one: Spreadable<Expression>): PyArgument {
  if ("spread" in one) return { kind: "star", value: spreadItems(p, one.spread) };
  return positional(one.kind === "function" ? printCallback(p, one.fn, "function") : p.expression(one));
}

/** What is gone through at once: lists as they are. */
export function spreadItems(p: Printing, e: Expression): PyExpression {
  const value = p.expression(e);
  const kind = kindOf(p, e);
  if (kind === "map") return call({ kind: "attribute", value, name: "entries" });
  return kind === "array" ? value : call(library(VALUES.iterate), value);
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
  const [list] = e.args;
  const items = e.name === "groupBy" || e.name === "Map.groupBy" ? (list === undefined || "spread" in list ? undefined : itemsGiven(p, list)) : undefined;
  const args = e.args.map((one) => ("spread" in one || one.kind !== "function" ? argumentOf(p, one) : positional(printCallback(p, one.fn, callbackName(p, e), [items]))));
  if (ROUNDS.has(e.name)) return { kind: "call", callee: library(BUILTIN_FUNCTIONS[e.name] ?? e.name), args: args.map(withoutNum) };
  return { kind: "call", callee: library(BUILTIN_FUNCTIONS[e.name] ?? e.name), args };
}

/** What makes a number of JavaScript of what it is given by itself. */
const ROUNDS: ReadonlySet<string> = new Set(["Math.round", "Math.floor", "Math.ceil", "Math.abs"]);

function withoutNum(one: PyArgument): PyArgument {
  if (one.kind !== "positional" || one.value.kind !== "call" || one.value.callee.kind !== "name" || one.value.callee.name !== VALUES.num) return one;
  const [inner] = one.value.args;
  return inner?.kind === "positional" ? inner : one;
}

/** A pattern: `regexp(r"…", "i")`. */
export function printRegexp(e: Of<"regexp">): PyExpression {
  const source: PyExpression = { kind: "string", value: e.source, raw: true };
  return e.flags === "" ? call(library(VALUES.regexp), source) : call(library(VALUES.regexp), source, string(e.flags));
}
