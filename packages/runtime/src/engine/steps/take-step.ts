import type { InputSpec, Program, StepNode } from "../../program/index.ts";
import { stringify } from "../builtins/json.ts";
import type { Later } from "../code.ts";
import { typeError } from "../failure.ts";
import { asCallback, asFunction } from "../functions.ts";
import { templatePart } from "../operators.ts";
import { type Strand, SURE } from "../strand.ts";
import { derive, unknownOfMode } from "../unknown.ts";
import type { Value } from "../value.ts";
import { approve } from "./approve.ts";
import { ask } from "./ask.ts";
import { callTool } from "./calls.ts";
import { each } from "./each.ts";
import { readPrompt, readResource } from "./offers.ts";
import { once, oncePerRun } from "./once.ts";
import { readPages } from "./pages.ts";
import { callOwn } from "./own.ts";
import { parallel } from "./parallel.ts";
import { poll } from "./poll.ts";
import type { CompiledRecord } from "./record-calls.ts";
import { allRecords, ensureRecord, lookupRecord, releaseRecord } from "./records.ts";
import { sleep, sleepUntil } from "./sleep.ts";
import { startWorkflow } from "./start-workflow.ts";
import { getState, setState } from "./states.ts";
import { waitForEvent } from "./wait-for.ts";
import { visitsOne } from "./visits-one.ts";
import { type Callee, callWorkflow } from "./workflows.ts";

/** What the steps of a program refer to by number. */
export interface StepSubjects {
  readonly states: Program["states"];
  record(index: number): CompiledRecord;
  callee(index: number): Callee;
  /** A workflow that is started as a run of its own. */
  started(index: number): InputSpec;
}

/**
 * Takes a step whose parts have been evaluated, in the order of `stepParts`: the one meaning of each step, whoever evaluates.
 * Immediate for `now` and `log`.
 */
export function takeStep(c: Strand, node: StepNode, values: readonly Value[], subjects: StepSubjects): Later<Value> {
  const step = c.key(node.site);
  const [first, second, third, fourth] = values;
  switch (node.kind) {
    case "tool":
      return callTool(c, node, step, first);
    case "pages":
      return readPages(c, node, step, first, { max: second, until: third, truncate: node.truncate === "allow" });
    case "resource":
      return readResource(c, node.server, step, first);
    case "prompt":
      return readPrompt(c, node.server, step, first, second);
    case "once":
      return once(c, step, { key: first, window: second, fn: asFunction(third, "The function of once"), confirm: fourth === undefined ? null : asFunction(fourth, "confirm of once") });
    case "once-per-run":
      return oncePerRun(c, step, asFunction(first, "The function of once.perRun"));
    case "each":
      return each(c, { site: node.site, items: first, key: asFunction(second, "The key of each"), parallel: third, onError: node.onError, fn: asFunction(fourth, "The body of each"), visitsOne: c.run.sweep !== null && visitsOne(node.fn) });
    case "parallel":
      return parallel(c, node.site, node.branches.map(({ name }, index) => ({ name, fn: asFunction(values[index], `The branch ${name} of parallel`) })));
    case "ask":
      return ask(c, step, { prompt: first, schema: second, maxTokens: third, model: fourth });
    case "own":
      return callOwn(c, step, node, values);
    case "call-workflow":
      return callWorkflow(c, step, subjects.callee(node.workflow), first);
    case "start-workflow":
      return startWorkflow(c, step, subjects.started(node.workflow), first, second);
    case "state":
      return useState(c, node, subjects.states[node.state] as StepSubjects["states"][number], first, second);
    case "record":
      return actOnRecord(c, node, subjects.record(node.record), first);
    case "sleep":
      return sleep(c, step, first);
    case "until":
      return sleepUntil(c, step, first);
    case "approve":
      return approve(c, step, { message: first, show: second, by: third, within: fourth, onTimeout: node.onTimeout ?? null });
    case "poll":
      return poll(c, step, { every: first, max: second, turn: asFunction(third, "The turn of poll") });
    case "wait-for":
      return waitForEvent(c, step, { trigger: node.trigger, when: first === undefined ? null : asCallback(first, "when of waitFor"), within: second });
    case "now":
      return now(c, step);
    case "log":
      return log(c, step, values);
  }
}

async function useState(c: Strand, node: Extract<StepNode, { readonly kind: "state" }>, state: StepSubjects["states"][number], key: Value, value: Value): Promise<Value> {
  const step = c.key(node.site);
  // Without a key it would be the state itself.
  if (node.key !== undefined && key === undefined) throw typeError("The key of a state must be a string, not undefined.");
  if (node.operation === "get") return getState(c, step, state, key);
  await setState(c, step, state, key, value);
  return undefined;
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

/** Journaled time. In a loop of which the turns are not known, and after a wait that was not waited for, it is any time. */
function now(c: Strand, step: string): Value {
  if (c.waited) return derive(c, unknownOfMode(c.mode));
  if (c.mode !== SURE && c.mode.certainty === "may-many") return derive(c, unknownOfMode(c.mode));
  return c.run.ports.journal.now(step);
}

function log(c: Strand, step: string, values: readonly Value[]): Value {
  const text = values.map((value) => shown(c, value)).join(" ");
  // As a line of a plan: it comes only if what is not known says so.
  c.run.ports.log(step, c.mode === SURE ? text : `? ${text}`);
  return undefined;
}

/** A value in a line of the story. */
function shown(c: Strand, value: Value): string {
  if (value === undefined || value === null) return String(value);
  if (typeof value !== "object") return templatePart(value);
  const text = stringify(c, [value]);
  return typeof text === "string" ? text : "(known after apply)";
}
