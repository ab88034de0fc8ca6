import { type Data, deepFreeze, OffstageError } from "../../base/index.ts";
import type { StepKey } from "../../model/index.ts";
import { type InputSpec, inputsOver } from "../../program/index.ts";
import type { CompiledFunction, Eval } from "../code.ts";
import { fromPartial, toPartial } from "../data.ts";
import { typeError } from "../failure.ts";
import { call, Closure } from "../functions.ts";
import { article, isPlainObject } from "../kinds.ts";
import type { ModuleFrame, Strand } from "../strand.ts";
import { unknownOf } from "../unknown.ts";
import type { Value } from "../value.ts";

/** A compiled workflow: the run's own, or one that is called. */
export interface Callee extends InputSpec {
  readonly globals: readonly Eval[];
  readonly body: CompiledFunction;
}

/**
 * `call(workflow, inputs)`: runs another workflow's body here, its steps below this one. Its identities, records and states
 * are its own, the same as when it runs by itself; the limits and the run are the caller's.
 */
export async function callWorkflow(c: Strand, step: StepKey, callee: Callee, inputs: Value): Promise<Value> {
  c.run.ports.checkpoint("other");
  refuseInWrite(c, callee.name, "called");
  const scope = ownScope(c, callee.name);
  const given = inputsOf(c, callee, inputs);
  const { path, module } = c;
  c.path = `${step}/`;
  c.module = { scope, globals: [], inputs: given, event: null, within: [...module.within, callee.name] };
  try {
    c.module = withGlobals(c, c.module, callee.globals);
    const output = await call(new Closure(callee.body, undefined), c, [contextOf(c)]);
    return output === undefined ? undefined : asData(c, output, `What ${callee.name} returns`);
  } finally {
    c.path = path;
    c.module = module;
  }
}

/** Throws ONE_WRITE inside a function that makes exactly one write, or only reads. */
export function refuseInWrite(c: Strand, name: string, verb: "called" | "started"): void {
  if (c.write === null && c.probe === null) return;
  throw new OffstageError("ONE_WRITE", `${name} cannot be ${verb} inside a function that makes exactly one write, or only reads.`);
}

/** The scope of another workflow: that of its own runs. */
export function ownScope(c: Strand, name: string): string {
  const scope = c.run.frame.scopes[name];
  if (scope === undefined) throw new OffstageError("BUG", `The host says no scope for ${name}, which the run calls or starts.`);
  return scope;
}

/** The module with its constants, each made from those above it. */
export function withGlobals(c: Strand, module: ModuleFrame, globals: readonly Eval[]): ModuleFrame {
  const values: Value[] = [];
  const made: ModuleFrame = { ...module, globals: values };
  c.module = made;
  for (const evaluate of globals) values.push(evaluate([undefined], c));
  return made;
}

/** `{ inputs, event, run }`: what the body of a workflow gets. */
export function contextOf(c: Strand): Value {
  const { inputs, event } = c.module;
  return { inputs, event, run: { id: c.run.frame.runId, startedAt: c.run.frame.startedAt } };
}

/** What is given, over the defaults: data, as it would be stored, with what is not known yet. */
export function inputsOf(c: Strand, spec: InputSpec, given: Value): Value {
  const unknown = unknownOf(c, given);
  if (unknown !== null) return unknown;
  if (given !== undefined && !isPlainObject(given)) throw typeError(`The inputs of ${spec.name} must be an object, not ${article(given)}.`);
  const partial = toPartial(c, given ?? {}, { what: `The inputs of ${spec.name}`, unsafe: "keep" });
  const inputs = inputsOver(spec, partial.value as { readonly [name: string]: Data }, c.run.ports.conforms, new Set(partial.unknown.map(({ path }) => String(path[0]))));
  return fromPartial({ ...partial, value: deepFreeze(inputs) });
}

/** A value as it passes from one workflow to another: data, as it would be stored, with what is not known yet. */
function asData(c: Strand, value: Value, what: string): Value {
  const partial = toPartial(c, value, { what, unsafe: "keep" });
  return fromPartial({ ...partial, value: deepFreeze(partial.value) });
}
