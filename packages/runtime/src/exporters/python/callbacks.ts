import type { Block, ElementPattern, Expression, FunctionNode } from "../../program/index.ts";
import type { Given } from "./given.ts";
import { onlyKind } from "./kinds.ts";
import { takeItemName } from "./naming.ts";
import { VALUES } from "./library.ts";
import { betterName, noteRaw, pairNames, plainParameters } from "./parameters.ts";
import { declareSlot, helperOf, library, type Printing, withFrame, withFunction } from "./printing.ts";
import { name, type PyExpression, type PyFunction, type PyParameter, type PyStatement } from "./tree.ts";

/** A function in place: a lambda where one expression says it, else the name of a function that stands before the statement. */
export function printCallback(p: Printing, fn: FunctionNode, called: string, given: readonly (Given | undefined)[] = []): PyExpression {
  const helper = handedOn(fn) ?? handedWhole(p, fn);
  if (helper !== null) return inFunction(p, fn, () => p.expression(helper));
  return tried(p, fn, () => {
    const value = onlyValue(fn);
    const parameters = value === null ? null : plainParameters(p, fn, value, given);
    if (parameters === null || value === null) return null;
    const body = fn.steps ? returnedCall(p, value) : p.expression(value);
    return body !== null && p.before.length === 0 ? { kind: "lambda" as const, parameters, body } : null;
  }) ?? hoisted(p, fn, called, given);
}

/** The helper that a function hands all its arguments to: who calls it gives it as many as it takes. */
function handedOn(fn: FunctionNode): Expression | null {
  const value = onlyValue(fn);
  const rest = fn.rest?.pattern;
  if (fn.parameters.length > 0 || rest?.kind !== "bind" || value?.kind !== "call" || (value.callee.kind !== "global" && value.callee.kind !== "local")) return null;
  const [only, ...more] = value.args;
  if (only === undefined || more.length > 0 || !("spread" in only) || only.spread.kind !== "local" || only.spread.up !== 0 || only.spread.slot !== rest.slot) return null;
  return value.callee;
}

/** The helper that a function calls with what it is given and nothing else. It is there by now, and takes no more than that. */
function handedWhole(p: Printing, fn: FunctionNode): Expression | null {
  const value = onlyValue(fn);
  if (fn.rest !== undefined || fn.parameters.length === 0 || value?.kind !== "call" || value.callSite !== undefined || value.args.length !== fn.parameters.length) return null;
  const isWhole = fn.parameters.every(({ pattern, fallback }, index) => {
    const given = value.args[index];
    return pattern.kind === "bind" && fallback === undefined && given !== undefined && !("spread" in given) && given.kind === "local" && given.up === 0 && given.slot === pattern.slot;
  });
  const { callee } = value;
  if (!isWhole || (callee.kind !== "global" && callee.kind !== "local") || (callee.kind === "local" && callee.up === 0)) return null;
  const helper = inFunction(p, fn, () => helperOf(p, callee));
  const isThere = helper !== null && !helper.steps && (helper.at ?? Infinity) < (fn.at ?? 0);
  return isThere && helper.rest === undefined && helper.parameters.length === fn.parameters.length ? callee : null;
}

/** A function as one expression; null when it is none, which is tried only once. */
export function tried<T extends PyExpression>(p: Printing, fn: FunctionNode, print: () => T | null): T | null {
  if (p.statementful.has(fn)) return null;
  const place = p.comments.place();
  const found = inFunction(p, fn, print);
  if (found !== null) return found;
  p.comments.back(place);
  p.statementful.add(fn);
  return null;
}

function inFunction<T>(p: Printing, fn: FunctionNode, print: () => T): T {
  return withFunction(p, () => withFrame(p, fn.at, fn.slots, [fn.parameters, fn.rest, fn.body], print));
}

function hoisted(p: Printing, fn: FunctionNode, called: string, given: readonly (Given | undefined)[]): PyExpression {
  const named = p.names.take(called);
  p.before.push(printFunction(p, fn, named, given));
  return name(named);
}

/** The one value that a function gives back; null when it does more. */
export function onlyValue(fn: FunctionNode): Expression | null {
  const [only, ...more] = fn.body;
  return more.length === 0 && only?.kind === "return" && only.value !== undefined ? only.value : null;
}

/** A step whose parts take none is handed on as it is: who calls the function awaits it. */
function returnedCall(p: Printing, value: Expression): PyExpression | null {
  const printed = p.expression(value);
  return printed.kind === "await" && !containsAwait(printed.value) ? printed.value : null;
}

function containsAwait(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  if (Array.isArray(node)) return node.some(containsAwait);
  if ("kind" in node && node.kind === "await") return true;
  if ("kind" in node && node.kind === "lambda") return false;
  return Object.values(node).some(containsAwait);
}

/** A function with a name. */
export function printFunction(p: Printing, fn: FunctionNode, named: string, given: readonly (Given | undefined)[] = []): PyFunction {
  const fewest = p.findings.fewest.get(fn) ?? fn.parameters.length;
  return inFunction(p, fn, () => {
    const prologue: PyStatement[] = [];
    const parameters = fn.parameters.map((one, index): PyParameter => {
      const mayMiss = index >= fewest || one.fallback !== undefined;
      const annotation = p.types.parameter(fn, index, mayMiss, given[index]);
      const own = parameterName(p, one, prologue, given[index]);
      noteRaw(p, fn, index);
      return { name: own, ...(annotation === undefined ? {} : { annotation }), ...(mayMiss ? { fallback: library(VALUES.undefined) } : {}) };
    });
    if (fn.rest !== undefined) {
      const own = parameterName(p, fn.rest, prologue);
      // Python's own are a tuple, which is no list of JavaScript's.
      const rest = p.names.take(`${own}_given`);
      prologue.unshift({ kind: "assign", targets: [own], value: { kind: "list", items: [{ kind: "star", value: name(rest) }] } });
      const annotation = p.types.rest(fn);
      parameters.push({ name: rest, star: true, ...(annotation === undefined ? {} : { annotation }) });
    }
    const body = withoutLast([...prologue, ...p.block(fn.body)]);
    p.findings.results.set(fn, endsBySaying(fn.body) ? onlyKind(p.returned ?? []) : "any");
    const returns = p.types.returns(fn, returnsUndefined(body));
    return { kind: "function", name: named, async: fn.steps, decorators: [], parameters, ...(returns === undefined ? {} : { returns }), body };
  });
}

/** Whether no way through a function ends without a word of what it gives. */
function endsBySaying(block: Block): boolean {
  const last = block.at(-1);
  switch (last?.kind) {
    case "return": case "throw": return true;
    case "if": return endsBySaying(last.then) && endsBySaying(last.otherwise);
    case "try": return endsBySaying(last.body) && endsBySaying(last.handler);
    case "block": return endsBySaying(last.body);
    default: return false;
  }
}

/** Whether it says that it gives `undefined`, besides ending without a word. */
function returnsUndefined(body: unknown): boolean {
  if (typeof body !== "object" || body === null) return false;
  if (Array.isArray(body)) return body.some(returnsUndefined);
  if ("kind" in body && (body.kind === "function" || body.kind === "lambda")) return false;
  if ("kind" in body && body.kind === "return") return "value" in body && body.value !== undefined;
  return Object.values(body).some(returnsUndefined);
}

/** A `return` without a value at the end says nothing, but in JavaScript it gives `undefined`. */
function withoutLast(body: readonly PyStatement[]): readonly PyStatement[] {
  const last = body.at(-1);
  return last?.kind === "return" && last.value === undefined ? body.slice(0, -1) : body;
}

/** The name of a parameter; what takes it apart goes into the prologue. */
function parameterName(p: Printing, { pattern, fallback }: ElementPattern, prologue: PyStatement[], given?: Given): string {
  if (pattern.kind === "bind") {
    const own = betterName(p, pattern.slot, given) ?? declareSlot(p, pattern.slot, "any", "parameter").name;
    if (fallback !== undefined) prologue.push(...fallbackFor(p, own, fallback));
    return own;
  }
  const own = given === undefined || (given.name === null && !given.isPair) ? p.names.take("given") : takeItemName(p, given.isPair ? "pair" : given.name);
  if (fallback !== undefined) prologue.push(...fallbackFor(p, own, fallback));
  const pair = given?.isPair === true ? pairNames(p, pattern) : null;
  prologue.push(...(pair === null ? p.pattern(pattern, name(own), "any") : [{ kind: "assign" as const, targets: [pair], value: name(own) }]));
  return own;
}

/** `if own is undefined: own = fallback`. */
export function fallbackFor(p: Printing, own: string, fallback: Expression): readonly PyStatement[] {
  const before = p.before;
  p.before = [];
  const value = p.expression(fallback);
  const inside = p.before;
  p.before = before;
  return [{
    kind: "if", test: { kind: "binary", operator: "is", left: name(own), right: library(VALUES.undefined) },
    then: [...inside, { kind: "assign", targets: [own], value }], otherwise: [],
  }];
}
