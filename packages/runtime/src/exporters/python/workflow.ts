import { formatDuration } from "../../base/index.ts";
import type { Expression, FunctionNode, Pattern, Program, RecordNode, Spreadable, TriggerNode } from "../../program/index.ts";
import { printCallback, printFunction } from "./callbacks.ts";
import type { ClientNames } from "./client-names.ts";
import { printData } from "./data.ts";
import { moduleName, openPrinting, type PrintedModule, printModule } from "./module.ts";
import { printKnownParts, printPattern } from "./patterns.ts";
import { declareSlot, library, type Printing, withFrame, withFunction } from "./printing.ts";
import { printBlock, saysLittle } from "./statements.ts";
import { printEventTrigger } from "./steps.ts";
import { call, keyword, literal, name, positional, type PyArgument, type PyExpression, type PyStatement, string } from "./tree.ts";

/** The module of one workflow of a package. */
export function printWorkflowModule(program: Program, clients: ClientNames): PrintedModule {
  return printModule((reserved, findings) => {
    const p = openPrinting(program, reserved, findings, moduleName(program), clients);
    const body = [...printStates(p), ...printTop(p), ...printBody(p, program)];
    return { p, docstring: program.description.trim() === "" ? `The workflow ${program.name}.` : program.description, body };
  });
}

/** Constants, helpers and records in the order of the source, with the comments between them. */
export function printTop(p: Printing): readonly PyStatement[] {
  const globals = p.facts.globals.map(({ value }, index) => ({ at: value.kind === "function" ? value.fn.at : placeOf(value), print: () => printGlobal(p, index) }));
  const records = p.facts.records.map((record, index) => ({ at: record.identity.at, print: () => printRecord(p, record, p.module.records[index] ?? record.name) }));
  // Their order is that of the source; those that a pattern makes have the place of their name, before that of what they are taken of.
  let last = 0;
  const placed = globals.map((one) => ({ ...one, at: (last = Math.max(last, one.at ?? 0)) }));
  return [...placed, ...records].toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0)).flatMap(({ at, print }) => [...p.comments.apart(at), ...prelude(p, print)]);
}

function placeOf(value: { readonly at?: number }): number | undefined {
  return value.at;
}

function prelude(p: Printing, print: () => readonly PyStatement[]): readonly PyStatement[] {
  p.before = [];
  const printed = print();
  const before = p.before;
  p.before = [];
  return [...before, ...printed];
}

/** A constant or a helper of the module. */
function printGlobal(p: Printing, index: number): readonly PyStatement[] {
  const value = p.facts.globals[index]?.value;
  const named = p.module.globals[index]?.name ?? "unknown";
  if (value === undefined) return [];
  if (value.kind === "call" && value.callee.kind === "function") return printTakenApart(p, index, value.callee.fn, value.args[0]);
  if (value.kind === "function") return noted(p, value.fn.at, [printFunction(p, value.fn, named)]);
  const printed = p.expression(value);
  return noted(p, value.at, [{ kind: "assign", targets: [named], ...(isEmpty(printed) ? annotated(p.types.global(index)) : {}), value: printed }]);
}

/** Names at the top that a pattern takes of one value: together, at the place of the first. */
function printTakenApart(p: Printing, index: number, fn: FunctionNode, of: Spreadable<Expression> | undefined): readonly PyStatement[] {
  const [parameter] = fn.parameters;
  if (parameter === undefined || of === undefined || "spread" in of || of.kind !== "global" || of.index + 1 !== index) return [];
  return withFrame(p, fn.at, fn.slots, [fn.parameters], () => {
    p.frame?.names.forEach((local, slot) => {
      const at = p.debug.globals.indexOf(local, index);
      if (p.frame !== null) p.frame.slots[slot] = { name: p.module.globals[at]?.name ?? local, kind: "any" };
    });
    return printPattern(p, parameter.pattern, p.expression(of), "any");
  });
}

/** What a constant holds tells what it is for, unless it holds nothing. */
function isEmpty(value: PyExpression): boolean {
  return saysLittle(value) && (value.kind !== "dict" || value.entries.length === 0);
}

function annotated(annotation: string | undefined): { readonly annotation?: string } {
  return annotation === undefined ? {} : { annotation };
}

/** With the comment that stands behind it on its last line. */
function noted(p: Printing, at: number | undefined, statements: readonly PyStatement[]): readonly PyStatement[] {
  const note = p.comments.behind(at, undefined);
  const [only] = statements;
  if (note === undefined || only === undefined) return statements;
  if (only.kind !== "function") return [{ ...only, note }];
  const last = only.body.at(-1);
  return last === undefined ? statements : [{ ...only, body: [...only.body.slice(0, -1), { ...last, note }] }];
}

function printStates(p: Printing): readonly PyStatement[] {
  return p.facts.states.map((state, index) => ({ kind: "assign", targets: [p.module.states[index] ?? state.name], ...annotated(p.types.state(index)), value: call(library("state"), string(state.name), printData(state.initial)) }));
}

const CALLBACKS = [
  ["identity", "identity"], ["find", "find"], ["create", "create"], ["keep", "keep"], ["read", "read"], ["same", "same"], ["update", "update"],
  ["releaseWhen", "release_when"], ["release", "release"], ["reopen", "reopen"],
] as const satisfies readonly (readonly [keyof RecordNode, string])[];

function printRecord(p: Printing, record: RecordNode, named: string): readonly PyStatement[] {
  const callbacks = CALLBACKS.flatMap(([of, option]) => {
    const fn = record[of];
    return fn === undefined ? [] : [{ fn, option }];
  }).toSorted((a, b) => (a.fn.at ?? 0) - (b.fn.at ?? 0));
  const args: PyArgument[] = [
    positional(string(record.name)), ...(record.scope === "project" ? [keyword("scope", string("project"))] : []),
    ...callbacks.map(({ fn, option }) => keyword(option, printCallback(p, fn, `${option}_${named}`))),
    ...(record.releaseAfterMs === undefined ? [] : [keyword("release_after", string(formatDuration(record.releaseAfterMs)))]),
  ];
  return [{ kind: "assign", targets: [named], ...annotated(p.types.record(p.facts.records.indexOf(record))), value: { kind: "call", callee: library("record"), args } }];
}

function printBody(p: Printing, program: Program): readonly PyStatement[] {
  const comments = p.comments.apart(program.body.at);
  p.before = [];
  const decorator = printDecorator(p, program);
  const before = p.before;
  p.before = [];
  const { parameter, body } = withFunction(p, () => withFrame(p, program.body.at, program.body.slots, [program.body.parameters, program.body.rest, program.body.body], () => bodyOf(p, program.body)));
  const rest = p.comments.before(Infinity);
  return [...before, ...comments, { kind: "function", name: p.module.own, async: true, decorators: [decorator], parameters: [{ name: parameter, annotation: p.types.context() }], returns: "object", body }, ...rest];
}

/** `inputs = context["inputs"]`, then what the workflow does. The parameter has another name where the workflow is called `context`. */
function bodyOf(p: Printing, fn: FunctionNode): { readonly parameter: string; readonly body: readonly PyStatement[] } {
  const taken = p.names.take("context");
  const context = name(taken);
  const [parameter] = fn.parameters;
  const prologue: PyStatement[] = [];
  if (parameter?.pattern.kind === "object" && parameter.fallback === undefined && parameter.pattern.rest === undefined) {
    for (const { key, pattern, fallback } of parameter.pattern.properties) {
      if (pattern.kind === "bind" && fallback === undefined && (p.frame?.usage.reads[pattern.slot] ?? 0) === 0) continue;
      const value: PyExpression = { kind: "subscript", value: context, index: string(key) };
      if (pattern.kind === "bind" && key === "inputs") Object.assign(declareSlot(p, pattern.slot, "object"), { inputs: true });
      const rest = key === "inputs" && fallback === undefined ? printInputs(p, pattern, value) : null;
      prologue.push(...(rest ?? printPattern(p, pattern, value, "any")));
    }
  } else if (parameter !== undefined) prologue.push(...printPattern(p, parameter.pattern, context, "object"));
  return { parameter: taken, body: [...prologue, ...printBlock(p, fn.body)] };
}

/** Inputs that are taken apart by their names, where the types say that all of these are there. */
function printInputs(p: Printing, pattern: Pattern, value: PyExpression): readonly PyStatement[] | null {
  const inputs = p.debug.types?.context?.inputs;
  const fields = inputs?.kind === "object" ? inputs.fields : [];
  return printKnownParts(p, pattern, value, "inputs", new Map(fields.filter(({ optional }) => optional !== true).map((field) => [field.name, "any"])));
}

function printDecorator(p: Printing, program: Program): PyExpression {
  const limits = Object.entries({ writes: program.limits.writes, calls: program.limits.calls, duration: program.limits.durationMs })
    .flatMap(([key, value]) => (value === undefined ? [] : [{ key: string(key), value: key === "duration" ? string(formatDuration(value)) : literal(String(value)) }]));
  const args: PyArgument[] = [
    keyword("name", string(program.name)), ...(program.was === undefined ? [] : [keyword("was", string(program.was))]),
    keyword("on", { kind: "list", items: program.triggers.map((trigger) => printTrigger(p, trigger)) }),
    ...(Object.keys(program.inputs).length === 0 ? [] : [keyword("inputs", printData(program.inputs))]),
    ...(program.inputSchemas === undefined ? [] : [keyword("input_schemas", printData(program.inputSchemas))]),
    ...(limits.length === 0 ? [] : [keyword("limits", { kind: "dict", entries: limits })]),
  ];
  return { kind: "call", callee: library("workflow"), args };
}

function printTrigger(p: Printing, trigger: TriggerNode): PyExpression {
  const options: PyArgument[] = [
    ...(trigger.kind === "cron" ? [keyword("timezone", string(trigger.timezone))] : []),
    ...(trigger.when === undefined ? [] : [keyword("when", printCallback(p, trigger.when, "when"))]),
    ...(trigger.key === undefined ? [] : [keyword("key", printCallback(p, trigger.key, "key"))]),
    ...(trigger.overlap === "queue" ? [] : [keyword("overlap", string(trigger.overlap))]),
    ...(trigger.sweep ? [keyword("sweep", literal("True"))] : []),
    ...("missed" in trigger && trigger.missed !== undefined ? [keyword("missed", string(trigger.missed))] : []),
    ...("jitterMs" in trigger && trigger.jitterMs !== undefined ? [keyword("jitter", string(formatDuration(trigger.jitterMs)))] : []),
  ];
  const bare = trigger.kind === "every" ? call(library("every"), string(formatDuration(trigger.intervalMs)))
    : trigger.kind === "cron" ? call(library("cron"), string(trigger.expression)) : printEventTrigger(p, trigger);
  return bare.kind === "call" ? { ...bare, args: [...bare.args, ...options] } : bare;
}
