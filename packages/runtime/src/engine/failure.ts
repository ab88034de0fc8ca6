import { type ErrorCode, type ErrorData, isOffstageError, OffstageError, toErrorData } from "../base/index.ts";
import type { EffectId, StepKey } from "../model/index.ts";
import { lineOf, type ProgramDebug } from "../program/index.ts";
import type { Unknown } from "./value.ts";

/**
 * What an error ends: `code` only what a workflow's `try` surrounds, `item` the item of an `each` (or the body), past every
 * `try`; `run` the whole run; `engine` means that the store is out of reach, so that nothing can be said about the run.
 */
export type Reach = "code" | "item" | "run" | "engine";

/** Ends the item uncatchably: its identity is blocked by an ambiguous effect. */
export class AmbiguousEnd extends OffstageError {
  readonly effect: EffectId;
  readonly place: { readonly step: StepKey; readonly label: string };
  constructor(effect: EffectId, error: ErrorData, place: { readonly step: StepKey; readonly label: string }) {
    super("EFFECT_AMBIGUOUS", error.message, error.hint === undefined ? {} : { hint: error.hint });
    this.effect = effect;
    this.place = place;
  }
}

/**
 * Ends the item, or the body, for now: it waits, and the run will come back to here. No error: nothing failed, nobody can
 * catch it, and it never leaves the interpreter. What is waited for is noted in the run.
 */
export class ParkedEnd extends Error {
  constructor() {
    super("The run is parked.");
  }
}

/** Ends the run uncatchably, whatever its code: the policy denies the write, or a tool changed. */
export class RunStop extends OffstageError {}

/**
 * Natively, the end of an item that used a value which is not known yet: code that Node executes cannot go on with it. The
 * write that it waits for was noted when it was held, so that this is no failure.
 */
export class WithheldEnd extends Error {
  readonly value: Unknown;
  constructor(value: Unknown) {
    super("This value is known only when a write that is held was made.");
    this.value = value;
  }
}

/** An error of which a plan cannot know what it will be. Catchable; the handler's parameter is unknown. */
export class UnknownThrow extends OffstageError {
  readonly value: Unknown;
  constructor(value: Unknown) {
    super("FAILED", "The error that ends this path is known only after apply.");
    this.value = value;
  }
}

const ITEM: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["EFFECT_AMBIGUOUS", "UNSAFE_INTEGER", "RESULT_UNREADABLE", "PAGES_TRUNCATED", "AMBIGUOUS_RECORD", "NOT_CONVERGING"]);
const RUN: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "EFFECT_REFUSED", "TOOL_CHANGED", "NOT_LOCKED", "TARGET_CHANGED", "CANCELLED", "LIMIT_FUEL", "LIMIT_DEPTH", "LIMIT_SIZE", "LIMIT_WRITES", "LIMIT_WRITES_PER_DAY",
  "LIMIT_CALLS", "LIMIT_DURATION", "JOURNAL_MISMATCH", "STATE_CONFLICT", "ONE_WRITE", "MODEL_MISSING", "NOT_YET", "BUG",
]);
const ENGINE: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["LEASE_LOST", "STORE_LOCKED", "STORE_NEWER", "STORE_CORRUPT", "STORE_FULL", "STORE_UNAVAILABLE"]);

/** How far a thrown thing reaches. What is not an {@link OffstageError} is a fault of ours, or the stack's end. */
export function reachOf(thrown: unknown): Reach {
  if (thrown instanceof ParkedEnd) return "item";
  if (!isOffstageError(thrown) || thrown instanceof RunStop) return "run";
  if (ENGINE.has(thrown.code)) return "engine";
  if (RUN.has(thrown.code)) return "run";
  return ITEM.has(thrown.code) ? "item" : "code";
}

/** True for what a workflow's `catch` sees. */
export function isCatchable(thrown: unknown): thrown is OffstageError {
  return reachOf(thrown) === "code";
}

/** The native stack can end before our own limits do when code is nested deeply: that is LIMIT_DEPTH, never a RangeError. */
export function asOffstageError(thrown: unknown): OffstageError {
  if (isOffstageError(thrown)) return thrown;
  if (thrown instanceof RangeError) return depthLimit();
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new OffstageError("BUG", `The interpreter failed: ${message}`, { cause: thrown, hint: "This is a fault of Offstage: please report it with the workflow." });
}

/** A catchable TYPE_ERROR. */
export function typeError(message: string): OffstageError {
  return new OffstageError("TYPE_ERROR", message);
}

/** UNSAFE_INTEGER: `use` says what the integer was about to be used as. */
export function unsafeInteger(use: string): OffstageError {
  return new OffstageError("UNSAFE_INTEGER", `An integer beyond 2^53-1 cannot be used as ${use}: its exact value may be lost.`, {
    hint: "Let the server send it as text, or leave the field out.",
  });
}

export function depthLimit(): OffstageError {
  return new OffstageError("LIMIT_DEPTH", "Calls or values are nested more than 256 deep.");
}

export function sizeLimit(what: string): OffstageError {
  return new OffstageError("LIMIT_SIZE", `${what} would be larger than 10 MiB.`, { hint: "Work on parts of it: fewer items, shorter texts." });
}

export function fuelLimit(): OffstageError {
  return new OffstageError("LIMIT_FUEL", "More than 10,000,000 steps were made without a call.", { hint: "A loop inside a loop over long lists is the usual cause: look things up in a Map." });
}

/** Which step an error comes from: for people, and no part of what a workflow's `catch` sees. */
const STEPS = new WeakMap<OffstageError, StepKey>();

/** An error as it is stored, from an error that came as data. `reach` is decided by its code again when it is thrown. */
export function fromErrorData(error: ErrorData, step: StepKey): OffstageError {
  const made = new OffstageError(error.code, error.message, error.hint === undefined ? {} : { hint: error.hint });
  STEPS.set(made, step);
  return made;
}

/** A place in a program's text, for people: its offset, UTF-16 units, of which the line is counted when somebody asks; or the line as it is told, `workflows/tickets.ts:18`. */
type TextPlace = string | { readonly debug: Pick<ProgramDebug, "file" | "source">; readonly at: number };

/** Where an error was thrown: for people, too. */
const PLACES = new WeakMap<OffstageError, TextPlace>();

/** Remembers where an error was thrown; the first that tells is the nearest. */
export function notePlace(thrown: unknown, place: TextPlace): void {
  if (isOffstageError(thrown) && !PLACES.has(thrown)) PLACES.set(thrown, place);
}

/** An error that ended a run or an item, as data: with the step that it comes from, or, when it comes from none, the place of the statement that threw it. */
export function toFailure(thrown: unknown): ErrorData {
  if (!isOffstageError(thrown)) return toErrorData(thrown);
  const [step, place] = [STEPS.get(thrown), PLACES.get(thrown)];
  return { ...toErrorData(thrown), ...(step !== undefined ? { step } : place !== undefined ? { at: typeof place === "string" ? place : lineOf(place.debug, place.at) } : {}) };
}
