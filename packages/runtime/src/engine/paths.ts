import type { LocalRef } from "../program/index.ts";
import { BREAK, CONTINUE, type Completion, type Frame, type Later, NORMAL, readLocal, RETURN, writeLocal } from "./code.ts";
import { isCatchable, UnknownThrow } from "./failure.ts";
import { isContainer } from "./kinds.ts";
import type { Exit, Mode, Strand } from "./strand.ts";
import { merge, taint, touch, union, weaken } from "./unknown.ts";
import { Unknown, type Value } from "./value.ts";

/**
 * How a plan goes on when it cannot know which way a program takes: both ways are run as `may`, one after the other from
 * the same locals, and then joined. A way that leaves (`return`, `break`, `throw`) is noted as an exit of the strand;
 * until the place it leads to is reached, everything is `may`.
 */

/** How one way ended. */
export interface Ending {
  readonly completion: Completion | "throw";
  /** The value of an expression, of a `return`, or nothing. */
  readonly value: Value;
  /** What was thrown. */
  readonly error: unknown;
  readonly locals: readonly Value[];
  readonly wrote: boolean;
}

/** What one side of a choice does: its completion, with the value of an expression. */
export type Side = () => Later<{ readonly completion: Completion; readonly value: Value }>;

/** The mode at the end of a scope that began in `mode` with `exits` exits open: `may` when a way out of it leads further. */
export function modeAfter(c: Strand, mode: Mode, exits: number): Mode {
  return c.exits.length <= exits || c.mode === mode ? mode : weaken(mode, c.mode.from);
}

/** Runs both sides of a choice that depends on `condition` and joins them. */
export function planBoth(c: Strand, f: Frame, condition: Unknown, refs: readonly LocalRef[], first: Side, second: Side): Later<{ readonly completion: Completion; readonly value: Value }> {
  const mode = c.mode;
  const before = refs.map((ref) => readLocal(f, ref));
  const { wrote } = c;
  const exits = c.exits.length;
  c.mode = weaken(mode, condition.from);
  return next(attempt(c, f, refs, first), (a) => {
    refs.forEach((ref, index) => writeLocal(f, ref, before[index]));
    c.wrote = wrote;
    c.mode = weaken(mode, condition.from);
    return next(attempt(c, f, refs, second), (b) => {
      c.mode = modeAfter(c, mode, exits);
      return join(c, f, condition.from, refs, a, b);
    });
  });
}

function next<T, R>(value: Later<T>, then: (value: T) => Later<R>): Later<R> {
  return value instanceof Promise ? value.then(then) : then(value);
}

/** Runs a side to its end, whatever that is; only uncatchable errors come through. */
export function attempt(c: Strand, f: Frame, refs: readonly LocalRef[], side: Side): Later<Ending> {
  const position = c.position();
  const ended = (completion: Ending["completion"], value: Value, error: unknown): Ending => {
    const wrote = c.wrote;
    if (completion === "throw") c.moveTo(position);
    const ending = { completion, value: completion === RETURN ? c.returned : value, error, locals: refs.map((ref) => readLocal(f, ref)), wrote };
    c.wrote = wrote;
    return ending;
  };
  const caught = (error: unknown): Ending => {
    if (!isCatchable(error)) throw error;
    return ended("throw", undefined, error);
  };
  try {
    const result = side();
    if (result instanceof Promise) return result.then(({ completion, value }) => ended(completion, value, undefined)).catch(caught);
    return ended(result.completion, result.value, undefined);
  } catch (error) {
    return caught(error);
  }
}

/** Goes on after two ways of which either may have been taken. */
export function join(c: Strand, f: Frame, condition: Unknown["from"], refs: readonly LocalRef[], a: Ending, b: Ending): { readonly completion: Completion; readonly value: Value } {
  c.wrote = a.wrote || b.wrote;
  if (a.completion === NORMAL && b.completion === NORMAL) {
    refs.forEach((ref, index) => writeLocal(f, ref, merge(c, condition, [a.locals[index], b.locals[index]])));
    return { completion: NORMAL, value: merge(c, condition, [a.value, b.value]) };
  }
  const [left, stays] = a.completion === NORMAL ? [b, a] : [a, b];
  leave(c, left, condition);
  refs.forEach((ref, index) => writeLocal(f, ref, stays.locals[index]));
  if (stays.completion === "throw") throw stays.error;
  if (stays.completion === RETURN) c.returned = stays.value;
  return { completion: stays.completion, value: stays.value };
}

/** Notes a way out that may have been taken; what follows is `may`. */
export function leave(c: Strand, ending: Pick<Ending, "completion" | "value">, condition: Unknown["from"]): void {
  if (ending.completion !== NORMAL) c.exits.push(exitOf(c, ending));
  c.mode = weaken(c.mode, condition);
}

function exitOf(c: Strand, { completion, value }: Pick<Ending, "completion" | "value">): Exit {
  switch (completion) {
    case BREAK:
      return { kind: "break", loop: c.loops };
    case CONTINUE:
      return { kind: "continue", loop: c.loops };
    case RETURN:
      return { kind: "return", depth: c.depth, value };
    default:
      return { kind: "throw", guard: c.guards };
  }
}

/** Takes the exits for which `here` holds from the strand. */
export function takeExits(c: Strand, here: (exit: Exit) => boolean): readonly Exit[] {
  if (c.exits.length === 0) return [];
  const taken = c.exits.filter(here);
  if (taken.length > 0) c.exits = c.exits.filter((exit) => !here(exit));
  return taken;
}

/** Makes locals unknown, and the content of the containers they hold. */
export function forget(c: Strand, f: Frame, refs: readonly LocalRef[], from: Unknown["from"]): void {
  for (const ref of refs) {
    const value = readLocal(f, ref);
    const unknown = new Unknown(union([from, value instanceof Unknown ? value.from : []]));
    if (isContainer(value)) taint(c, value, unknown);
    writeLocal(f, ref, unknown);
  }
}

/** An error on one of several ways, when another way goes on: the error may have been thrown. Uncatchable ones come through. */
export function absorb(c: Strand, error: unknown): void {
  if (!isCatchable(error)) throw error;
  if (error instanceof UnknownThrow) touch(c, error.value);
  c.exits.push({ kind: "throw", guard: c.guards });
  c.mode = weaken(c.mode, []);
}
