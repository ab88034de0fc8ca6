import type { CompiledFunction, Frame, Later } from "./code.ts";
import { newFrame } from "./code.ts";
import { typeError } from "./failure.ts";
import { article } from "./kinds.ts";
import { absorb, modeAfter, takeExits } from "./paths.ts";
import { enter, type Mode, type Strand } from "./strand.ts";
import { merge } from "./unknown.ts";
import { FunctionValue, type Value } from "./value.ts";

/** An arrow of the program with the frame it was made in. */
export class Closure extends FunctionValue {
  readonly code: CompiledFunction;
  readonly frame: Frame | undefined;

  constructor(code: CompiledFunction, frame: Frame | undefined) {
    super();
    this.code = code;
    this.frame = frame;
  }

  get steps(): boolean {
    return this.code.steps;
  }
}

/** Passes a function; anything else is a TYPE_ERROR. */
export function asFunction(value: Value, use: string): Closure {
  if (value instanceof Closure) return value;
  throw typeError(`${use} must be a function, not ${article(value)}.`);
}

/** Passes a function that runs to its end at once, as array methods need it. */
export function asCallback(value: Value, use: string): Closure {
  const closure = asFunction(value, use);
  if (closure.code.steps) throw typeError(`${use} must not call tools: use each().`);
  return closure;
}

/** Calls a callback with up to four arguments, without a list of them. */
export function callBack(fn: Closure, c: Strand, a: Value, b?: Value, d?: Value, e?: Value): Value {
  const { code } = fn;
  const frame = newFrame(fn.frame, code.size);
  enter(c, code.cost);
  switch (code.arity) {
    case 0:
      break;
    case 1:
      frame[1] = a;
      break;
    case 2:
      frame[1] = a;
      frame[2] = b;
      break;
    default:
      if (code.arity === 3) [frame[1], frame[2], frame[3]] = [a, b, d];
      else code.bind(frame, c, [a, b, d, e]);
  }
  return finish(code, frame, c) as Value;
}

/** Calls a function with any arguments; a promise only when it takes steps and one of them has to wait. */
export function call(fn: Closure, c: Strand, args: readonly Value[]): Later<Value> {
  const { code } = fn;
  const frame = newFrame(fn.frame, code.size);
  enter(c, code.cost);
  if (code.arity >= 0) for (let index = 0; index < code.arity; index++) frame[index + 1] = args[index];
  else code.bind(frame, c, args);
  return finish(code, frame, c);
}

function finish(code: CompiledFunction, frame: Frame, c: Strand): Later<Value> {
  const { mode, depth, loops, guards, path } = c;
  const exits = c.exits.length;
  try {
    const value = code.body.run(frame, c);
    if (value instanceof Promise) {
      const entry: Entry = { mode, depth, loops, guards, path, exits };
      return value.then(
        (known) => ended(c, entry, known),
        (error: unknown) => threw(c, entry, error),
      );
    }
    if (c.mode === mode) {
      c.depth = depth - 1;
      return value;
    }
    return ended(c, { mode, depth, loops, guards, path, exits }, value);
  } catch (error) {
    return threw(c, { mode, depth, loops, guards, path, exits }, error);
  }
}

/** The strand as it was when the call began. */
interface Entry {
  readonly mode: Mode;
  readonly depth: number;
  readonly loops: number;
  readonly guards: number;
  readonly path: string;
  readonly exits: number;
}

/** The end of a call: ways that may have returned earlier are joined with the one that went on. */
function ended(c: Strand, entry: Entry, value: Value): Value {
  c.depth = entry.depth - 1;
  if (c.mode === entry.mode) return value;
  return joined(c, entry, [value]);
}

/** A call that threw: when it may have returned before, the caller goes on as `may`. */
function threw(c: Strand, entry: Entry, error: unknown): Value {
  if (c.mode === entry.mode || !c.exits.some((exit) => exit.kind === "return" && exit.depth === entry.depth)) throw error;
  c.loops = entry.loops;
  c.guards = entry.guards;
  c.path = entry.path;
  absorb(c, error);
  c.depth = entry.depth - 1;
  return joined(c, entry, []);
}

function joined(c: Strand, entry: Entry, values: readonly Value[]): Value {
  const { from } = c.mode;
  const returns = takeExits(c, (exit) => exit.kind === "return" && exit.depth === entry.depth);
  c.mode = modeAfter(c, entry.mode, entry.exits);
  return merge(c, from, [...values, ...returns.map((exit) => (exit.kind === "return" ? exit.value : undefined))]);
}
