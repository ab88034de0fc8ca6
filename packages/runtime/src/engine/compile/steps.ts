import type { Expression, FunctionNode, Program, RecordNode, StepNode } from "../../program/index.ts";
import { type Code, type CompiledFunction, type Compiler, type Frame, inOrder, type Later, paused, type Place } from "../code.ts";
import { asFunction, Closure } from "../functions.ts";
import { templatePart } from "../operators.ts";
import { stringify } from "../builtins/json.ts";
import { callTool } from "../steps/calls.ts";
import { each } from "../steps/each.ts";
import { once, oncePerRun } from "../steps/once.ts";
import { parallel } from "../steps/parallel.ts";
import { readPages } from "../steps/pages.ts";
import type { CompiledRecord } from "../steps/record-calls.ts";
import { allRecords, ensureRecord, lookupRecord, releaseRecord } from "../steps/records.ts";
import { getState, setState } from "../steps/states.ts";
import { type Strand, SURE } from "../strand.ts";
import { derive, unknownOfMode } from "../unknown.ts";
import type { Value } from "../value.ts";

import { compileAll, strict } from "./values.ts";

const NOTHING: Expression = { kind: "undefined" };

/** Compiles the steps of a program: evaluate the parts in order, then act. */
export function stepCompiler(program: Program): (node: StepNode, place: Place, compiler: Compiler) => Code {
  const records = new Map<number, CompiledRecord>();
  const recordAt = (index: number, compiler: Compiler): CompiledRecord => {
    const known = records.get(index);
    if (known !== undefined) return known;
    const record = compileRecord(program, program.records[index] as RecordNode, compiler);
    records.set(index, record);
    return record;
  };
  return (node, place, compiler) => {
    // Without parts that need values, the same order of evaluation as JavaScript's.
    const acting = (parts: readonly (Expression | undefined)[], act: (c: Strand, values: readonly Value[], f: Frame) => Later<Value>): Code =>
      paused(inOrder(compileAll(parts.map((part) => part ?? NOTHING), place, compiler).codes, act));
    switch (node.kind) {
      case "tool":
        return acting([node.args], (c, [args]) => callTool(c, node, c.key(node.site), args));
      case "pages":
        return acting([node.args, node.max, node.until], (c, [args, max, until]) => readPages(c, node, c.key(node.site), args, { max, until, truncate: node.truncate === "allow" }));
      case "once": {
        const fn = compiler.function(node.fn);
        const confirm = node.confirm === undefined ? null : compiler.function(node.confirm);
        return acting([node.key, node.window], (c, [key, window], f) => once(c, c.key(node.site), { key, window, fn: new Closure(fn, f), confirm: confirm === null ? null : new Closure(confirm, f) }));
      }
      case "once-per-run": {
        const fn = compiler.function(node.fn);
        return acting([], (c, _, f) => oncePerRun(c, c.key(node.site), new Closure(fn, f)));
      }
      case "each":
        return acting([node.items, node.key, node.parallel, node.fn], (c, [items, key, parallel, fn]) =>
          each(c, { site: node.site, items, key: asFunction(key, "The key of each"), parallel, onError: node.onError, fn: asFunction(fn, "The body of each") }));
      case "parallel": {
        const branches = node.branches.map(({ name, fn }) => ({ name, fn: compiler.function(fn) }));
        return acting([], (c, _, f) => parallel(c, node.site, branches.map(({ name, fn }) => ({ name, fn: new Closure(fn, f) }))));
      }
      case "state": {
        const state = program.states[node.state] as Program["states"][number];
        if (node.operation === "get") return acting([node.key], (c, [key]) => getState(c, c.key(node.site), state, key));
        return acting([node.key, node.value], (c, [key, value]) => setState(c, c.key(node.site), state, key, value).then(() => undefined));
      }
      case "record":
        return acting([node.value], (c, [value]) => actOnRecord(c, node, recordAt(node.record, compiler), value));
      case "now":
        return { pauses: false, run: (_, c) => now(c, c.key(node.site)) };
      case "log":
        return strict(node.args, place, compiler, (c, values) => log(c, c.key(node.site), values));
    }
  };
}

function actOnRecord(c: Strand, node: Extract<StepNode, { readonly kind: "record" }>, record: CompiledRecord, value: Value): Promise<Value> {
  const step = c.key(node.site);
  switch (node.operation) {
    case "ensure":
      return ensureRecord(c, step, record, value);
    case "release":
      return releaseRecord(c, step, record, value);
    case "lookup":
      return lookupRecord(c, step, record, value);
    case "all":
      return allRecords(c, step, record);
  }
}

/** Journaled time. In a loop of which the turns are not known it is any time. */
function now(c: Strand, step: string): Value {
  if (c.mode !== SURE && c.mode.certainty === "may-many") return derive(c, unknownOfMode(c.mode));
  return c.run.ports.journal.now(step);
}

function log(c: Strand, step: string, values: readonly Value[]): Value {
  c.run.ports.log(step, values.map((value) => shown(c, value)).join(" "));
  return undefined;
}

/** A value in a line of the story. */
function shown(c: Strand, value: Value): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value !== "object") return templatePart(value);
  const text = stringify(c, [value]);
  return typeof text === "string" ? text : "(known after apply)";
}

function compileRecord(program: Program, node: RecordNode, compiler: Compiler): CompiledRecord {
  const optional = (fn: FunctionNode | undefined): CompiledFunction | null => (fn === undefined ? null : compiler.function(fn));
  return {
    name: node.name,
    scope: node.scope,
    server: serverOf(program, node.create) ?? serverOf(program, node.find) ?? "",
    identity: compiler.function(node.identity),
    find: compiler.function(node.find),
    create: compiler.function(node.create),
    keep: compiler.function(node.keep),
    read: optional(node.read),
    same: optional(node.same),
    update: optional(node.update),
    release: optional(node.release),
    reopen: optional(node.reopen),
  };
}

/** The server of the last tool that a function calls, itself or through helpers: reads come before the write. */
function serverOf(program: Program, fn: FunctionNode): string | null {
  let server: string | null = null;
  const seen = new Set<unknown>();
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null || seen.has(value)) return;
    seen.add(value);
    if (isExpression(value)) {
      if (value.kind === "tool" || value.kind === "pages") server = value.server;
      if (value.kind === "global") visit(program.globals[value.index]);
    }
    Object.values(value).forEach(visit);
  };
  visit(fn.body);
  return server;
}

function isExpression(value: object): value is Expression {
  return "kind" in value && ["tool", "pages", "global"].includes(String(value.kind));
}
