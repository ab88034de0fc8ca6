import { formatDuration, type JsonObject, shorten } from "../base/index.ts";
import type { Flow, FlowStep, FlowUse } from "./flow-step.ts";
import { flowWords } from "./flow-words.ts";
import { knownArguments } from "./known-arguments.ts";
import type { Block, EventTrigger, Expression, FunctionNode, Statement, StepNode } from "./node.ts";
import { STEP_KINDS } from "./node.ts";
import type { Program, RecordNode, TriggerNode } from "./program.ts";
import { expressionText } from "./source-words.ts";
import { walkNodes } from "./walk-nodes.ts";

/** Whether a call may write: see `WorkflowSource.mayWrite`. */
type MayWrite = (server: string, tool: string, known: JsonObject | null, open: readonly string[] | "any") => boolean;

/** Draws a Program. Workflows that it calls are one step each. */
export function flowOf(program: Program, mayWrite: MayWrite): Flow {
  const { name, description, triggers, body } = program;
  return { name, description, triggers: triggers.map(triggerText), steps: ofBlock({ program, mayWrite, drawn: new Set(), depth: 0, made: helpersMade(program) }, body.body) };
}

/** What is drawn, and what is known of its calls. */
interface Drawing {
  readonly program: Program;
  readonly mayWrite: MayWrite;
  /** Globals that are drawn already: written out at each of its calls, a helper of helpers would be longer than anybody reads. */
  readonly drawn: Set<number>;
  /** How many helpers are open around what is drawn. */
  readonly depth: number;
  /** The helpers that are made within functions, by their names; where two have one, it may be either. */
  readonly made: ReadonlyMap<string, readonly FunctionNode[]>;
}

const STEPS: ReadonlySet<string> = new Set(STEP_KINDS);
/** The callbacks of a record, in the order in which they come. */
const ROLES = ["find", "create", "keep", "read", "same", "update", "release", "reopen", "releaseWhen"] as const satisfies readonly (keyof RecordNode)[];

/** Methods by which a local keeps something. */
const CHANGING: ReadonlySet<string> = new Set(["push", "set", "add", "delete"]);
/** UTF-16 units of the arguments of a read. */
const LONGEST_ARGUMENTS = 60;

/** Helpers within helpers: deeper than that only their names are drawn. */
const DEEPEST = 20;

type Branch = FlowStep["branches"][number];

function textOf({ program }: Drawing, node: { readonly at?: number } | undefined): string {
  return node?.at === undefined ? "" : expressionText(program.debug.source, node.at);
}

function step({ program }: Drawing, node: { readonly at?: number }, does: FlowStep["does"], label: string, { uses = [], branches = [], writes = uses.some((use) => use.writes) }: Partial<Pick<FlowStep, "uses" | "branches" | "writes">> = {}): FlowStep {
  return { does, label, writes, line: node.at === undefined ? 0 : program.debug.source.slice(0, node.at).split("\n").length, words: flowWords({ does, label, uses, writes }), uses, branches };
}

/** A place where the way forks. Ways on which nothing happens are left out; without any it is none. */
function fork(d: Drawing, node: { readonly at?: number }, does: FlowStep["does"], label: string, branches: readonly Branch[]): readonly FlowStep[] {
  const taken = branches.filter(({ steps }) => steps.length > 0);
  return taken.length === 0 ? [] : [step(d, node, does, label, { branches: taken })];
}

function ofBlock(d: Drawing, block: Block): readonly FlowStep[] {
  return block.flatMap((statement) => ofStatement(d, statement));
}

function ofFunction(d: Drawing, value: Expression): readonly FlowStep[] {
  const fn = functionBehind(value, d.program.globals);
  return fn === null ? [] : ofBlock(d, fn.body);
}

function ofStatement(d: Drawing, statement: Statement): readonly FlowStep[] {
  switch (statement.kind) {
    case "declare":
      if (statement.value.kind === "function") return !statement.value.fn.steps ? [] : fork(d, statement, "helper", nameIn(textOf(d, statement)), [{ label: "", steps: ofFunction(d, statement.value) }]);
      return ofExpression(d, statement.value);
    case "expression":
      return ofExpression(d, statement.value);
    case "return":
      // What a step answers is returned with it.
      if (statement.value !== undefined && isStep(statement.value)) return ofExpression(d, statement.value);
      return [...ofExpression(d, statement.value), step(d, statement, "return", textOf(d, statement.value))];
    case "throw":
      return [...ofExpression(d, statement.value), step(d, statement, "throw", textOf(d, statement.value))];
    case "break":
    case "continue":
      return [step(d, statement, statement.kind, "")];
    case "if":
      return [...ofExpression(d, statement.test), ...fork(d, statement, "if", textOf(d, statement.test), [{ label: "then", steps: ofBranch(d, statement.then) }, { label: "else", steps: ofBranch(d, statement.otherwise) }])];
    case "for-of":
      return [...ofExpression(d, statement.items), ...fork(d, statement, "for-of", textOf(d, statement.items), [{ label: "", steps: ofBlock(d, statement.body) }])];
    case "try":
      return fork(d, statement, "try", "", [{ label: "try", steps: ofBlock(d, statement.body) }, { label: "catch", steps: ofBlock(d, statement.handler) }]);
    case "block":
      return ofBlock(d, statement.body);
  }
}

function isStep(value: Expression): boolean {
  return (STEPS.has(value.kind) && value.kind !== "now") || (value.kind === "call" && value.callSite !== undefined);
}

/** A way that takes no step, and keeps something, decides all the same: by what it keeps, later steps go on. */
function ofBranch(d: Drawing, block: Block): readonly FlowStep[] {
  const steps = ofBlock(d, block);
  if (steps.length > 0) return steps;
  const kept = new Set<string>();
  walkNodes(block, (node) => {
    const local = node.kind === "assign" ? node : node.kind === "method" && CHANGING.has(node.name) && node.value.kind === "local" ? node.value : null;
    if (local !== null) kept.add(/^[\w$]*/.exec(textOf(d, local))?.[0] ?? "");
    return true;
  });
  const [first] = block;
  return kept.size === 0 || first === undefined ? [] : [step(d, first, "keep", [...kept].join(", "))];
}

/** The text of what stands left of an operator. */
function before(text: string, operator: string): string {
  return text.split(` ${operator} `)[0] ?? "";
}

/** What a declaration declares: `const f = …` declares `f`. */
function nameIn(declaration: string): string {
  return declaration.replace(/^const\s+/, "").replace(/\s*=[^]*$/, "");
}

/** The steps of an expression, in their order; those of callbacks are no part of it. */
function ofExpression(d: Drawing, value: unknown): readonly FlowStep[] {
  const steps: FlowStep[] = [];
  walkNodes(value, (node) => {
    if (node.kind === undefined || node.kind === "function") return false;
    const drawn = ofNode(d, node as Expression);
    steps.push(...(drawn ?? []));
    return drawn === null;
  });
  return steps;
}

/** null: it is none itself, but may have some. */
function ofNode(d: Drawing, node: Expression): readonly FlowStep[] | null {
  if (node.kind === "conditional") return [...ofExpression(d, node.test), ...fork(d, node, "if", before(textOf(d, node.test), "?"), [{ label: "then", steps: ofExpression(d, node.then) }, { label: "else", steps: ofExpression(d, node.otherwise) }])];
  if (node.kind === "logical") return [...ofExpression(d, node.left), ...fork(d, node, "if", before(textOf(d, node.left), node.operator), [{ label: node.operator === "&&" ? "then" : "else", steps: ofExpression(d, node.right) }])];
  if (node.kind === "call" && node.callee.kind === "global" && node.callSite !== undefined) return [...ofExpression(d, node.args), ...ofHelper(d, node, node.callee)];
  // Where a helper is made in the body, its steps are drawn there.
  if (node.kind === "call" && node.callSite !== undefined) return [...ofExpression(d, node.args), step(d, node, "helper", textOf(d, node))];
  if (!STEPS.has(node.kind)) return null;
  return [...Object.values(node).flatMap((inner) => ofExpression(d, inner)), ...ofStep(d, node as StepNode)];
}

/** A helper is drawn where it is called first; elsewhere its name stands for it. */
function ofHelper(d: Drawing, node: { readonly at?: number }, callee: Extract<Expression, { readonly kind: "global" }>): readonly FlowStep[] {
  const name = d.program.debug.globals[callee.index] ?? "";
  if (d.drawn.has(callee.index) || d.depth === DEEPEST) return [step(d, node, "helper", name, { writes: usesIn(d, callee).some(({ writes }) => writes) })];
  d.drawn.add(callee.index);
  return fork(d, node, "helper", name, [{ label: "", steps: ofFunction({ ...d, depth: d.depth + 1 }, callee) }]);
}

function ofStep(d: Drawing, node: StepNode): readonly FlowStep[] {
  switch (node.kind) {
    case "tool":
    case "pages":
      return [step(d, node, node.kind, literalsText(node.args), { uses: [useOf(d, node, "")] })];
    case "once":
      return [step(d, node, "once", textOf(d, node.key), { uses: [...usesIn(d, node.fn), ...usesIn(d, node.confirm, "confirm")], writes: true })];
    case "once-per-run":
      return [step(d, node, "once-per-run", "", { uses: usesIn(d, node.fn), writes: true })];
    case "record":
      return [ofRecord(d, node)];
    case "each":
      return [step(d, node, "each", `${textOf(d, node.items)}${node.onError === "continue" ? ", going on after one that fails" : ""}${node.parallel === undefined ? "" : `, ${textOf(d, node.parallel)} at a time`}`, { branches: [{ label: "", steps: ofFunction(d, node.fn) }] })];
    case "parallel":
      return [step(d, node, "parallel", "", { branches: node.branches.map(({ name, fn }) => ({ label: name, steps: ofBlock(d, fn.body) })) })];
    case "poll":
      return [step(d, node, "poll", `every ${textOf(d, node.every)}, ${textOf(d, node.max)} at most`, { branches: [{ label: "", steps: ofBlock(d, node.turn.body) }] })];
    case "start-workflow":
      return [step(d, node, node.kind, aboutStep(d, node), { writes: true })];
    case "call-workflow":
      return [step(d, node, node.kind, aboutStep(d, node), { writes: calledWrites(d, node.workflow) })];
    case "now":
    case "log":
      return [];
    default:
      return [step(d, node, node.kind, aboutStep(d, node))];
  }
}

/** What the text says of a call's arguments; empty where it says none. */
function literalsText(args: Expression): string {
  const said = Object.entries(knownArguments(args).known ?? {}).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
  return said.length === 0 ? "" : `{ ${shorten(said.join(", "), LONGEST_ARGUMENTS)} }`;
}

function ofRecord(d: Drawing, node: Extract<StepNode, { readonly kind: "record" }>): FlowStep {
  const record = d.program.records[node.record];
  const roles = node.operation === "ensure" ? ROLES : node.operation === "release" ? (["release"] as const) : [];
  const writes = node.operation === "ensure" || node.operation === "release";
  return step(d, node, "record", `${record?.name ?? ""}.${node.operation}(${textOf(d, node.value)})`, { uses: roles.flatMap((role) => usesIn(d, record?.[role], role)), writes });
}

/** The tools that a callback calls, also by helpers; each helper is looked through once. */
function usesIn(d: Drawing, root: unknown, role = ""): readonly FlowUse[] {
  const uses: FlowUse[] = [];
  const inside = new Set<unknown>([root]);
  // What is found meanwhile is gone through too.
  for (const part of inside) {
    walkNodes(part, (node) => {
      if (node.kind === "tool" || node.kind === "pages") uses.push(useOf(d, node, role));
      if (node.kind === "global") inside.add(d.program.globals[node.index]?.value);
      if (node.kind === "local") d.made.get(nameAt(d.program, node))?.forEach((helper) => inside.add(helper));
      return true;
    });
  }
  return uses;
}

/** The helpers that are made within functions of a program. */
function helpersMade(program: Program): Drawing["made"] {
  const made = new Map<string, FunctionNode[]>();
  walkNodes([program.globals, program.records, program.body], (node) => {
    if (node.kind !== "declare" || node.value.kind !== "function") return true;
    const name = nameIn(expressionText(program.debug.source, node.at ?? 0));
    made.set(name, [...(made.get(name) ?? []), node.value.fn]);
    return true;
  });
  return made;
}

function nameAt({ debug }: Program, { at }: { readonly at?: number }): string {
  return at === undefined ? "" : (/^[\w$]*/.exec(debug.source.slice(at, at + 200))?.[0] ?? "");
}

/** Whether a workflow that is called may write: it is a program of its own. */
function calledWrites(d: Drawing, index: number): boolean {
  const called = d.program.calls?.[index];
  if (called === undefined) return true;
  const inside: Drawing = { ...d, program: called, drawn: new Set(), depth: 0, made: helpersMade(called) };
  const isWriting = (steps: readonly FlowStep[]): boolean => steps.some(({ writes, branches }) => writes || branches.some((branch) => isWriting(branch.steps)));
  return isWriting(ofBlock(inside, called.body.body));
}

function useOf({ mayWrite }: Drawing, { server, tool, args }: Extract<StepNode, { readonly kind: "tool" | "pages" }>, role: string): FlowUse {
  const { known, open } = knownArguments(args);
  return { role, server, tool, writes: mayWrite(server, tool, known, open) };
}

/** What a step is about that holds no others and calls no tool. */
function aboutStep(d: Drawing, node: Exclude<StepNode, { readonly kind: "tool" | "pages" | "once" | "once-per-run" | "record" | "each" | "parallel" | "poll" | "now" | "log" }>): string {
  switch (node.kind) {
    case "resource":
      return `${node.server}: ${textOf(d, node.uri)}`;
    case "prompt":
      return `${node.server}: ${textOf(d, node.name)}`;
    case "ask":
      return textOf(d, node.prompt);
    case "own":
      return `${node.module}.${node.name}`;
    case "call-workflow":
      return d.program.calls?.[node.workflow]?.name ?? "";
    case "start-workflow":
      return `${d.program.starts?.[node.workflow]?.name ?? ""}, ${textOf(d, node.key)}`;
    case "state":
      return `${d.program.states[node.state]?.name ?? ""}.${node.operation}`;
    case "sleep":
      return textOf(d, node.duration);
    case "until":
      return textOf(d, node.time);
    case "approve":
      return textOf(d, node.message);
    case "wait-for":
      return eventText(node.trigger);
  }
}

function functionBehind(value: unknown, globals: Program["globals"]): FunctionNode | null {
  const node = value as Expression;
  if (node.kind === "function") return node.fn;
  if (node.kind === "global") return functionBehind(globals[node.index]?.value, globals);
  return null;
}

function triggerText(trigger: TriggerNode): string {
  const more = `${trigger.when === undefined ? "" : ", when its condition holds"}${trigger.sweep ? ", a sweep" : ""}`;
  if (trigger.kind === "every") return `every ${formatDuration(trigger.intervalMs)}${more}`;
  if (trigger.kind === "cron") return `cron ${trigger.expression} ${trigger.timezone}${more}`;
  return eventText(trigger) + more;
}

function eventText(trigger: EventTrigger): string {
  if (trigger.kind === "webhook") return `webhook ${trigger.source}`;
  if (trigger.kind === "queue") return `queue ${trigger.name}`;
  return `change of ${trigger.uri} of ${trigger.server}`;
}
