import { OffstageError } from "../base/index.ts";
import { type BinaryOperator, type MetNode, type Program, STEP_KINDS, type StepNode, walkNodes } from "../program/index.ts";
import { builtinCaller } from "./builtins/index.ts";
import type { Later } from "./code.ts";
import { call } from "./functions.ts";
import { compileProgram } from "./compile/program.ts";
import { conduct, type EngineResult } from "./interpret.ts";
import { compileNative, nativeFunction, type NativeCall } from "./native-function.ts";
import { WithheldEnd } from "./failure.ts";
import { readIndex } from "./members.ts";
import { binaryOperator, templatePart, unaryOperator } from "./operators.ts";
import type { Ports, RunFrame } from "./ports.ts";
import type { CompiledRecord } from "./steps/record-calls.ts";
import { type StepSubjects, takeStep } from "./steps/take-step.ts";
import { contextOf } from "./steps/workflows.ts";
import { refuel, type Strand } from "./strand.ts";
import { Unknown, type Value } from "./value.ts";

/** The callbacks of a record that code of Node's may be asked for. What `keep` remembers is evaluated from the Program: it is asked of values that are not known, too. */
export type NativeRecord = { readonly [Name in "identity" | "find" | "create" | "read" | "same" | "update" | "release" | "reopen"]?: NativeCall };

/** What a module declares, as functions of JavaScript. */
export interface NativeCode {
  readonly body: NativeCall;
  record(name: string): NativeRecord;
}

/** What such code may do: the steps of its Program, under the keys that the interpreter gives them, and the pure functions of the language. */
export interface NativeSteps {
  /** The strand of the run's body. */
  readonly body: Strand;
  /** Takes the step at a site with the values of its parts, as `takeStep` wants them. */
  take(c: Strand, site: string, values: readonly Value[]): Later<Value>;
  builtin(c: Strand, name: string, args: readonly Value[]): Value;
  /** What is not known yet ends the code there, as it does in a template. */
  operator(c: Strand, operator: BinaryOperator, left: Value, right: Value): Value;
  /** The same of a value with `-` or `+` before it, and of a list with a place in it. */
  sign(c: Strand, operator: "-" | "+", value: Value): Value;
  index(c: Strand, list: Value, place: Value): Value;
  /** A value inside a template. */
  text(value: Value): string;
}

/**
 * Runs a program whose code Node executes (that of the workflows it calls is interpreted, from the Programs that it carries): `load` makes that code, over the steps that it is given. The same ports, step keys
 * and result as {@link interpret}'s; rejects as that does.
 */
export function runNatively(program: Program, frame: RunFrame, ports: Ports, load: (steps: NativeSteps) => Promise<NativeCode>): Promise<EngineResult> {
  return conduct(program, frame, ports, async (c) => {
    const sites = stepsBySite(program);
    let code: NativeCode | null = null;
    const subjects: StepSubjects = { states: program.states, record: (index) => nativeRecord(compileProgram(program).record(index), code), callee: (index) => compileProgram(program.calls?.[index] as Program), started: (index) => program.starts?.[index] as Program };
    code = await load({
      body: c,
      take: (strand, site, values) => settled(strand, () => takeKnown(strand, siteOf(sites, site), values, subjects)),
      builtin: (strand, name, args) => settled(strand, () => builtinCaller(name)(strand, args)) as Value,
      operator: (strand, operator, left, right) => known(binaryOperator(operator)(strand, left, right)),
      sign: (strand, operator, value) => known(unaryOperator(operator)(strand, value)),
      index: (strand, list, place) => known(readIndex(strand, list, place)),
      text: (value) => templatePart(known(value)),
    });
    return call(nativeFunction(code.body, { steps: true }), c, [contextOf(c)]);
  });
}

/** Steps that may be given what is not known yet; natively any other ends with it, because its functions would go on with nothing. */
const MAY_BE_UNKNOWN: ReadonlySet<StepNode["kind"]> = new Set<StepNode["kind"]>(["tool", "pages", "resource", "prompt", "ask", "own", "state", "log"]);

/** Code of Node's would take it for true. */
function known(value: Value): Value {
  if (value instanceof Unknown) throw new WithheldEnd(value);
  return value;
}

function takeKnown(c: Strand, node: StepNode, values: readonly Value[], subjects: StepSubjects): Later<Value> {
  const unknown = MAY_BE_UNKNOWN.has(node.kind) ? undefined : values.find((value) => value instanceof Unknown);
  if (unknown !== undefined) throw new WithheldEnd(unknown);
  return takeStep(c, node, values, subjects);
}

/** What goes wrong leaves the strand where it was, as a `try` of the interpreter does: whoever catches it goes on from there. No fuel is counted between steps. */
function settled(c: Strand, act: () => Later<Value>): Later<Value> {
  refuel(c);
  const position = c.position();
  const back = (error: unknown): never => {
    const { wrote } = c;
    c.moveTo(position);
    c.wrote = wrote;
    throw error;
  };
  try {
    const value = act();
    return value instanceof Promise ? value.catch(back) : value;
  } catch (error) {
    return back(error);
  }
}

function nativeRecord(record: CompiledRecord, code: NativeCode | null): CompiledRecord {
  const callbacks = Object.entries(code?.record(record.name) ?? {}).map(([name, run]) => [name, compileNative(run, { steps: name !== "identity" && name !== "same" })]);
  return { ...record, ...(Object.fromEntries(callbacks) as Partial<CompiledRecord>) };
}

function siteOf(sites: ReadonlyMap<string, StepNode>, site: string): StepNode {
  const node = sites.get(site);
  if (node === undefined) throw new OffstageError("BUG", `The program has no step at ${site}.`, { hint: "This is a fault of Offstage: please report it with the workflow." });
  return node;
}

function stepsBySite(program: Program): ReadonlyMap<string, StepNode> {
  const sites = new Map<string, StepNode>();
  walkNodes(program, (node) => {
    if (isStep(node)) sites.set(node.site, node);
    return true;
  });
  return sites;
}

function isStep(node: MetNode): node is StepNode {
  return STEP_KINDS.some((kind) => kind === node.kind);
}
