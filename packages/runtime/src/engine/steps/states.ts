import { deepFreeze, hashJson, OffstageError, UnsafeInteger } from "../../base/index.ts";
import type { StepKey } from "../../model/index.ts";
import type { StateNode } from "../../program/index.ts";
import { toPartial, unknownIn } from "../data.ts";
import { typeError, unsafeInteger } from "../failure.ts";
import { article } from "../kinds.ts";
import type { StagedState } from "../ports.ts";
import { refuel, type Strand, SURE } from "../strand.ts";
import { derive, unknownOfMode } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";

interface Committed {
  readonly value: Value;
  readonly version: number;
}

/** `state(…).get()`: what this run staged, else what is committed, else the initial value. */
export async function getState(c: Strand, step: StepKey, node: StateNode, key: Value): Promise<Value> {
  c.run.ports.checkpoint("other");
  if (key instanceof Unknown) return derive(c, key);
  const name = keyOf(key);
  const slot = slotOf(c.module.scope, node.name, name);
  const staged = c.run.staged.get(slot);
  if (staged !== undefined) return staged.value;
  if (c.mode !== SURE) return derive(c, unknownOfMode(c.mode));
  const { value, version } = await committed(c, step, node, name);
  if (!c.run.stateVersions.has(slot)) c.run.stateVersions.set(slot, version);
  return value;
}

/** `state(…).set(value)`: staged, and committed when the run ends well. */
export async function setState(c: Strand, step: StepKey, node: StateNode, key: Value, value: Value): Promise<void> {
  c.run.ports.checkpoint("other");
  if (c.inParallel) throw new OffstageError("TYPE_ERROR", `state ${node.name} cannot be set in a parallel body: the order of the items would decide.`, { hint: "Return the value from the body, and set it after the loop." });
  const partial = toPartial(c, value, { what: `The value of state ${node.name}`, unsafe: "refuse" });
  if (key instanceof Unknown) {
    derive(c, key);
    // Which value it is that changes is not known: none that is read later can be trusted.
    for (const [slot, staged] of c.run.staged) if (staged.state.name === node.name && staged.state.scope === scopeOf(c).scope) c.run.staged.set(slot, { ...staged, value: key });
    return;
  }
  const name = keyOf(key);
  const slot = slotOf(c.module.scope, node.name, name);
  const before = c.run.staged.get(slot);
  if (c.mode !== SURE) {
    c.run.staged.set(slot, { state: before?.state ?? { ...scopeOf(c), name: node.name, key: name, value: partial.value, version: 0 }, value: unknownOfMode(c.mode) });
    return;
  }
  const version = before?.state.version ?? c.run.stateVersions.get(slot) ?? (await committed(c, step, node, name)).version;
  const unknown = unknownIn(partial);
  const state: StagedState = { ...scopeOf(c), name: node.name, key: name, value: deepFreeze(partial.value), version };
  c.run.staged.set(slot, { state, value: unknown ?? state.value });
  if (unknown === null) c.staged.push(state);
  else c.unsettled = true;
}

/** Stages again what a compacted item had staged. */
export function replayStaged(c: Strand, staged: readonly StagedState[]): void {
  for (const state of staged) {
    c.run.staged.set(slotOf(state.scope ?? c.run.frame.scope, state.name, state.key), { state, value: state.value });
    c.staged.push(state);
  }
}

async function committed(c: Strand, step: StepKey, node: StateNode, key: string): Promise<Committed> {
  const { journal, states } = c.run.ports;
  const answer = (await journal.once(step, hashJson(["state", node.name, key]), async () => {
    const { value, version } = await states.get(c.module.scope, node.name, key);
    return { value: value === undefined ? node.initial : value, version };
  })) as unknown as Committed;
  refuel(c);
  return { value: deepFreeze(answer.value), version: answer.version };
}

function slotOf(scope: string, name: string, key: string): string {
  return `${scope}\0${name}\0${key}`;
}

function scopeOf(c: Strand): { readonly scope?: string } {
  return c.module.scope === c.run.frame.scope ? {} : { scope: c.module.scope };
}

function keyOf(key: Value): string {
  if (key === undefined) return "";
  if (key instanceof UnsafeInteger) throw unsafeInteger("the key of a state");
  if (typeof key !== "string") throw typeError(`The key of a state must be a string, not ${article(key)}.`);
  // The state itself is kept where a key is empty: a missing field must not read or overwrite it.
  if (key === "") throw typeError("The key of a state must not be empty.");
  return key;
}
