import { type Data, deepFreeze, hashJson, isOffstageError, toErrorData } from "../../base/index.ts";
import type { StepKey } from "../../model/index.ts";
import type { EventTrigger } from "../../program/index.ts";
import { reachOf, UnknownThrow } from "../failure.ts";
import { callBack, type Closure } from "../functions.ts";
import { isTrue } from "../operators.ts";
import type { EventRequest, ReadAnswer, SeenEvent, WaitAnswer } from "../ports.ts";
import { refuel, type Strand } from "../strand.ts";
import { touch, unknownOf } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { valueOf } from "./calls.ts";
import { awaitAnswer, beginWait, checkMs, earlierWait, passWait, reallyWaits } from "./park.ts";

/** What `waitFor` is told, evaluated. */
export interface WaitForOptions {
  readonly trigger: EventTrigger;
  /** Which events it waits for; null: any. */
  readonly when: Closure | null;
  /** Milliseconds; undefined for ever. */
  readonly within: Value;
}

/** `waitFor(trigger, { when, within })`: the first event for which `when` holds; null when none came in time. */
export async function waitForEvent(c: Strand, step: StepKey, { trigger, when, within }: WaitForOptions): Promise<Value> {
  beginWait(c, "waitFor");
  const unknown = unknownOf(c, within);
  const withinMs = unknown !== null || within === undefined ? null : Math.max(0, Math.ceil(checkMs(within, "within of waitFor")));
  if (unknown !== null || !reallyWaits(c)) {
    const made = passWait(c, unknown);
    touch(c, made);
    return made;
  }
  const names = namesOf(trigger);
  const request: EventRequest = { step, ...names, withinMs, source: trigger, hash: hashJson(["wait-for", names.topic]) };
  const answer = await awaitAnswer(c, step, request.hash, () => firstMatch(c, request, when));
  // What came out of the journal is as new.
  return deepFreeze(valueOf(c, answer as unknown as ReadAnswer, step));
}

/**
 * Looks at what was offered, each event once, in the order in which it came. How far it has looked is journaled under the
 * step, so that a run that waits for months keeps one small row; what ends the wait is the answer of the step.
 */
async function firstMatch(c: Strand, request: EventRequest, when: Closure | null): Promise<WaitAnswer<Value>> {
  const { journal, waits, checkpoint } = c.run.ports;
  const key = `${request.step}/seen`;
  const earlier = earlierMatch(c, key, request, when);
  if (earlier !== null) return { kind: "over", value: earlier as unknown as Value };
  let seen = Number(journal.compacted(key)?.result ?? 0);
  for (;;) {
    const answer = await waits.event(request, seen);
    if (answer.kind === "open") return answer;
    const verdict = answer.value === null ? value(null) : verdictOn(c, key, when, answer.value);
    if (verdict !== null) return { kind: "over", value: verdict as unknown as Value };
    seen = answer.value?.place ?? seen;
    await journal.compact(key, { result: seen, staged: [] });
    checkpoint("other");
  }
}

/**
 * What the same wait came to in the run that this one continues. An event is judged again: what `when` compares it with may
 * come from new reads, and then it is another one that is waited for.
 */
function earlierMatch(c: Strand, key: StepKey, { step, hash }: EventRequest, when: Closure | null): ReadAnswer | null {
  const answer = earlierWait(c, step, hash)?.answer as unknown as ReadAnswer | undefined;
  if (answer === undefined) return null;
  // Places begin at 1.
  return answer.kind === "value" && answer.value !== null ? verdictOn(c, key, when, { place: 0, event: answer.value }) : answer;
}

/** What an event is to this wait: its value, the error of the filter, or null when it is another one. */
function verdictOn(c: Strand, key: StepKey, when: Closure | null, { place, event }: SeenEvent): ReadAnswer | null {
  const known = value(deepFreeze(event));
  if (when === null) return known;
  const { path } = c;
  c.path = `${key}/${place}/`;
  refuel(c);
  try {
    const holds = callBack(when, c, event);
    if (holds instanceof Unknown) throw new UnknownThrow(holds);
    return isTrue(holds) ? known : null;
  } catch (error) {
    const isAnswer = isOffstageError(error) && !(error instanceof UnknownThrow) && ["code", "item"].includes(reachOf(error));
    if (!isAnswer) throw error;
    return { kind: "error", error: toErrorData(error), gone: false };
  } finally {
    c.path = path;
  }
}

function value(event: Data): ReadAnswer {
  return { kind: "value", value: event, gone: false };
}

/** `topic` is the source in one text: who offers an event names it so. `label` is for people. */
function namesOf(trigger: EventTrigger): Pick<EventRequest, "topic" | "label"> {
  switch (trigger.kind) {
    case "webhook":
      return { topic: `webhook:${trigger.source}`, label: `an event of the webhook ${trigger.source}` };
    case "queue":
      return { topic: `queue:${trigger.name}`, label: `a message of the queue ${trigger.name}` };
    case "resource":
      return { topic: `resource:${trigger.server}:${trigger.uri}`, label: `a change of ${trigger.uri} of ${trigger.server}` };
  }
}
