import type { Expression, FunctionNode, Block, LocalRef, Pattern } from "../program/index.ts";
import type { Strand } from "./strand.ts";
import type { Value } from "./value.ts";

/** The locals of one function call, or of one turn of a `for…of`: `frame[0]` is the frame around it, slot n is at n + 1. */
export type Frame = [Frame | undefined, ...Value[]];

/** A result that is there, or will be: code without steps never makes a promise, and nothing waits where nothing pauses. */
export type Later<T> = T | Promise<T>;

/** Code that runs to its end at once. */
export type Eval = (f: Frame, c: Strand) => Value;
/** Code that may take steps. */
export type LaterEval = (f: Frame, c: Strand) => Later<Value>;

/** A compiled expression. The tag decides which combinators may be used on it. */
export type Code = { readonly pauses: false; readonly run: Eval } | { readonly pauses: true; readonly run: LaterEval };

/** How a statement ended: the value of a `return` is in the strand. */
export type Completion = 0 | 1 | 2 | 3;
export const NORMAL = 0;
export const BREAK = 1;
export const CONTINUE = 2;
export const RETURN = 3;

export type Exec = (f: Frame, c: Strand) => Completion;
export type LaterExec = (f: Frame, c: Strand) => Later<Completion>;
/** A compiled statement. */
export type Doing = { readonly pauses: false; readonly run: Exec } | { readonly pauses: true; readonly run: LaterExec };

/** A compiled arrow. */
export interface CompiledFunction {
  readonly steps: boolean;
  /** What one call costs: the nodes of its body, without those of inner functions and loops. */
  readonly cost: number;
  /** Length of its frames. */
  readonly size: number;
  /** Number of parameters that are plain names in the first slots; -1 when binding them needs {@link bind}. */
  readonly arity: number;
  readonly bind: (f: Frame, c: Strand, args: readonly Value[]) => void;
  readonly body: Code;
}

/** Binds a value to a pattern's locals. */
export type Bind = (f: Frame, c: Strand, value: Value) => void;

/** Where an expression stands. */
export interface Place {
  /** Inside a function that may take steps; elsewhere calls never pause. */
  readonly steps: boolean;
  /** Inside an optional chain: members pass {@link SHORT} on. */
  readonly chain: boolean;
}

/** Has errors that leave a part know where in the text it stands (an offset), as far as no part inside it has told them. */
export type Placed = <P extends Code | Doing>(at: number | undefined, part: P) => P;

/** The compiler, as its parts see each other: each theme has a file, `compile.ts` puts them together. */
export interface Compiler {
  expression(node: Expression, place: Place): Code;
  block(block: Block, place: Place): Doing;
  function(node: FunctionNode): CompiledFunction;
  pattern(pattern: Pattern, place: Place): Bind;
  readonly placed: Placed;
}

/** Travels through a chain that an optional member cut short. Never leaves the interpreter. */
export const SHORT = Object.freeze({ short: true }) as unknown as Value;

/** Goes on with a value, at once when it is there. */
export function andThen<T, R>(value: Later<T>, next: (value: T) => Later<R>): Later<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}

export function pure(run: Eval): Code {
  return { pauses: false, run };
}

export function paused(run: LaterEval): Code {
  return { pauses: true, run };
}

/** Evaluates in order, then applies: the async twin of every strict node. */
export function inOrder(codes: readonly Code[], apply: (c: Strand, values: Value[], f: Frame) => Later<Value>): LaterEval {
  return (f, c) => {
    const values: Value[] = [];
    const from = (index: number): Later<Value> => {
      for (let i = index; i < codes.length; i++) {
        const value = (codes[i] as Code).run(f, c);
        if (value instanceof Promise) {
          return value.then((known) => {
            values.push(known);
            return from(i + 1);
          });
        }
        values.push(value);
      }
      return apply(c, values, f);
    };
    return from(0);
  };
}

/** The frame that a local lives in. */
export function frameOf(f: Frame, up: number): Frame {
  let frame = f;
  for (let level = up; level > 0; level--) frame = frame[0] as Frame;
  return frame;
}

export function readLocal(f: Frame, ref: LocalRef): Value {
  return frameOf(f, ref.up)[ref.slot + 1] as Value;
}

export function writeLocal(f: Frame, ref: LocalRef, value: Value): void {
  frameOf(f, ref.up)[ref.slot + 1] = value;
}

/** A new frame inside `parent`. */
export function newFrame(parent: Frame | undefined, size: number): Frame {
  const frame = new Array<Value>(size) as unknown as Frame;
  frame[0] = parent;
  return frame;
}
