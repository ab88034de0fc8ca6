import { formatDuration, hashJson } from "../../base/index.ts";
import type { StepKey } from "../../model/index.ts";
import { findUnknown } from "../data.ts";
import { typeError } from "../failure.ts";
import { call, type Closure } from "../functions.ts";
import { article } from "../kinds.ts";
import type { Strand } from "../strand.ts";
import { touch, unknownOf } from "../unknown.ts";
import type { Unknown, Value } from "../value.ts";
import { awaitAnswer, beginWait, checkMs, passWait, reallyWaits } from "./park.ts";
import { replayStaged } from "./states.ts";

/** What `poll` is told, evaluated. */
export interface PollOptions {
  /** Milliseconds from the end of a turn to the next one. */
  readonly every: Value;
  readonly max: Value;
  readonly turn: Closure;
}

/**
 * `poll({ every, max }, turn)`: the first value that a turn gives; null when `max` turns gave none. A turn that gave nothing
 * compacts, so that a run that looks for months keeps one small row a turn. Where time does not pass there is one turn.
 */
export async function poll(c: Strand, step: StepKey, { every, max, turn }: PollOptions): Promise<Value> {
  beginWait(c, "poll");
  const unknown = unknownOf(c, every) ?? unknownOf(c, max);
  if (unknown !== null) return unknownYet(c, unknown);
  const everyMs = Math.max(0, Math.ceil(checkMs(every, "every of poll")));
  const turns = turnsOf(max);
  const done = reallyWaits(c) ? c.run.ports.journal.compacted(step) : undefined;
  if (done !== undefined) {
    replayStaged(c, done.staged);
    return done.result;
  }
  const before = c.staged.length;
  for (let n = 1; n <= turns; n++) {
    const value = await takeTurn(c, `${step}/${n}`, turn);
    if (!reallyWaits(c)) return value === undefined ? unknownYet(c, null) : value;
    if (value !== undefined) return finish(c, step, value, before);
    if (n < turns) await pause(c, `${step}/${n}`, everyMs, `look again every ${formatDuration(everyMs)}, ${n} of ${turns} turns taken`);
  }
  return finish(c, step, null, before);
}

/** One turn, its steps below `key`; one that was taken already gave nothing. */
async function takeTurn(c: Strand, key: StepKey, turn: Closure): Promise<Value> {
  const { journal } = c.run.ports;
  const taken = reallyWaits(c) ? journal.compacted(key) : undefined;
  if (taken !== undefined) {
    replayStaged(c, taken.staged);
    return taken.result;
  }
  const { path } = c;
  const before = c.staged.length;
  c.path = `${key}/`;
  try {
    const value = await call(turn, c, []);
    if (value === undefined && reallyWaits(c)) await journal.compact(key, { result: undefined, staged: c.staged.slice(before) });
    return value;
  } finally {
    c.path = path;
  }
}

async function pause(c: Strand, key: StepKey, afterMs: number, label: string): Promise<void> {
  const step = `${key}/wait`;
  const hash = hashJson(["poll", afterMs]);
  await awaitAnswer(c, step, hash, () => c.run.ports.waits.sleep({ kind: "poll", step, hash, label, end: { afterMs } }));
}

async function finish(c: Strand, step: StepKey, value: Value, before: number): Promise<Value> {
  if (!c.unsettled && findUnknown(c, value) === null) await c.run.ports.journal.compact(step, { result: value, staged: c.staged.slice(before) });
  return value;
}

function unknownYet(c: Strand, unknown: Unknown | null): Unknown {
  const made = passWait(c, unknown);
  touch(c, made);
  return made;
}

function turnsOf(max: Value): number {
  if (typeof max !== "number" || !Number.isInteger(max) || max < 1) throw typeError(`max of poll must be a whole number from 1, not ${typeof max === "number" ? max : article(max)}.`);
  return max;
}
