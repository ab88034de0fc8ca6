import { type Data, deepFreeze, hashJson } from "../../base/index.ts";
import type { CallClass, EffectAnswer, EffectIdentity, PartialData, StepKey } from "../../model/index.ts";
import { OffstageError } from "../../base/index.ts";
import { fromPartial, toPartial, unknownIn } from "../data.ts";
import { fromErrorData } from "../failure.ts";
import type { ReadAnswer } from "../ports.ts";
import { refuel, type Strand, SURE, toolKey } from "../strand.ts";
import { touch, unknownOfMode } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { ambiguousEnd, follow, hold, refusedEnd, type WritePlace } from "./holds.ts";

/** A tool, named. */
export interface ToolName {
  readonly server: string;
  readonly tool: string;
}

/** One call of a tool, as the text has it: the profile decides whether it reads or writes. */
export async function callTool(c: Strand, name: ToolName, step: StepKey, args: Value): Promise<Value> {
  const partial = argumentsOf(c, name, args);
  const callClass = c.run.ports.tools.classify(name.server, name.tool, fromPartial(partial));
  if (callClass.effect === "write") return write(c, name, step, callClass, partial);
  const answer = await read(c, name, step, callClass, partial);
  return answer instanceof Unknown ? answer : valueOf(c, answer, step);
}

/** Arguments as they are sent; no argument is an empty object. */
export function argumentsOf(c: Strand, { server, tool }: ToolName, args: Value): PartialData {
  return toPartial(c, args === undefined ? {} : args, { what: `The arguments of ${server}.${tool}`, unsafe: "refuse" });
}

/**
 * A reading call. Under a condition that is not known no read is made; what a held write made stale, and what has unknown
 * arguments, is unknown. A probe is always live, everything else journaled.
 */
export async function read(c: Strand, name: ToolName, step: StepKey, callClass: CallClass, args: PartialData): Promise<ReadAnswer | Unknown> {
  const { ports } = c.run;
  const unknown = unreadable(c, name, args);
  if (unknown !== null) {
    ports.checkpoint("other");
    touch(c, unknown);
    return unknown;
  }
  const request = { step, ...name, args: args.value };
  return answered(c, step, callClass, hashJson([name.server, name.tool, args.value]), () => ports.reads.read(request));
}

/** Asks now: a probe always, anything else once for its step. */
export async function answered(c: Strand, step: StepKey, callClass: CallClass, hash: string, ask: () => Promise<ReadAnswer>): Promise<ReadAnswer> {
  const { ports } = c.run;
  ports.checkpoint("call");
  if (c.probe !== null) {
    c.probe.classes.push(callClass);
    const answer = await ask();
    if (answer.gone) c.probe.gone = true;
    refuel(c);
    return freeze(answer);
  }
  const answer = await ports.journal.once(step, hash, async () => (await ask()) as unknown as Value);
  refuel(c);
  return freeze(answer as unknown as ReadAnswer);
}

/** Why a read cannot be made now; null when it can. */
function unreadable(c: Strand, { server, tool }: ToolName, args: PartialData): Unknown | null {
  if (c.mode !== SURE) return unknownOfMode(c.mode);
  const stale = c.stale.get(toolKey(server, tool));
  if (stale !== undefined) return new Unknown([stale]);
  if (c.waited) return new Unknown([]);
  return unknownIn(args);
}

function freeze(answer: ReadAnswer): ReadAnswer {
  return answer.kind === "value" && !Object.isFrozen(answer.value) ? { ...answer, value: deepFreeze(answer.value) } : answer;
}

/** The value of the answer of a step, or its error, thrown. */
export function valueOf(c: Strand, answer: ReadAnswer, step: StepKey): Data {
  if (answer.kind === "value") return answer.value;
  if (answer.gone && c.probe !== null) c.probe.gone = true;
  if (c.probe === null) c.missedRead = true;
  throw fromErrorData(answer.error, step);
}

/** A writing call: the one write path, under the identity of the function around it, or of the step itself. */
async function write(c: Strand, name: ToolName, step: StepKey, callClass: CallClass, args: PartialData): Promise<Value> {
  const { ports, frame } = c.run;
  const slot = c.write;
  if (slot !== null && c.wrote) {
    throw new OffstageError("ONE_WRITE", `${slot.label}: ${name.server}.${name.tool} is a second write in a function that makes exactly one.`, { hint: "Give each write a once or a record of its own." });
  }
  if (c.probe !== null) throw new OffstageError("ONE_WRITE", `${name.server}.${name.tool} is a write, and it is called where only reads are allowed.`, { hint: "If it only reads, the server's profile has to say so." });
  ports.checkpoint("call");
  c.wrote = true;
  const identity: EffectIdentity = slot?.identity ?? { kind: "step", rootRun: frame.rootRunId, step };
  const place: WritePlace = { step, label: slot?.label ?? `${name.server}.${name.tool}` };
  const affects = { server: name.server, tools: callClass.affects };
  const answer = await ports.effects.perform({
    identity,
    step,
    call: { ...name, class: callClass },
    args,
    certainty: c.mode.certainty,
    identityKnown: (slot?.identityKnown ?? true) && (slot !== null || c.mode.certainty !== "may-many"),
    after: c.after,
    label: place.label,
    server: name.server,
    ...withinOf(c),
  });
  refuel(c);
  if (slot !== null) slot.answer = answer;
  return outcomeOf(c, answer, place, affects);
}

/** What a write comes to in the program: its value, its error, or what is not known yet. `place.label` names it; `affects`: what it makes stale. */
export function outcomeOf(c: Strand, answer: EffectAnswer, place: WritePlace, affects: { readonly server: string; readonly tools: readonly string[] } | null): Value {
  switch (answer.kind) {
    case "done":
      if (answer.replayed) c.run.replayed += 1;
      if (answer.unreadable) throw new OffstageError("RESULT_UNREADABLE", `${place.label}: it was done, but its result could not be understood.`, { hint: "It is not done again. Correct the profile's result(), or tell with `offstage resolve` what it returned." });
      return deepFreeze(answer.value);
    case "failed":
      throw fromErrorData(answer.error, place.step);
    case "held":
      return hold(c, answer.effect, place, answer.why, affects);
    case "ambiguous":
      if (c.mode === SURE) throw ambiguousEnd(answer.effect, answer.error, place);
      // On a way that may not be taken, it only says that this identity is blocked.
      c.run.ambiguous.push({ effect: answer.effect, ...place, why: answer.error.message, waits: true });
      return follow(c, answer.effect, affects);
    case "refused":
      throw refusedEnd(answer.error);
  }
}

/** The called workflows around a write: their rules of the policy hold too. */
export function withinOf(c: Strand): { readonly within?: readonly string[] } {
  return c.module.within.length === 0 ? {} : { within: c.module.within };
}
