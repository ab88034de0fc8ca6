import type { LocalRef, Statement } from "../../program/index.ts";
import { type Bind, BREAK, type Compiler, type Completion, type Doing, type Frame, type Later, newFrame, NORMAL, type Place, RETURN } from "../code.ts";
import { typeError } from "../failure.ts";
import { article } from "../kinds.ts";
import { absorb, attempt, forget, join, leave, modeAfter, takeExits } from "../paths.ts";
import { burn, type Mode, type Strand } from "../strand.ts";
import { unknownOf, weaken } from "../unknown.ts";
import type { Unknown, Value } from "../value.ts";
import { costOfBlock } from "./analysis.ts";

type ForOf = Extract<Statement, { readonly kind: "for-of" }>;

interface Loop {
  readonly bind: Bind;
  readonly body: Doing;
  readonly size: number;
  readonly cost: number;
  readonly assigns: readonly LocalRef[];
  readonly key: string;
}

/** `for (const pattern of items)`: each turn has a frame of its own, so that what captures its locals keeps them. */
export function compileForOf(node: ForOf, place: Place, compiler: Compiler): Doing {
  const items = compiler.expression(node.items, place);
  const body = compiler.block(node.body, place);
  const loop: Loop = { bind: compiler.pattern(node.pattern, place), body, size: node.slots + 1, cost: costOfBlock(node.body), assigns: node.assigns, key: node.loop };
  const run = (f: Frame, c: Strand, value: Value): Later<Completion> => {
    const unknown = unknownOf(c, value);
    return unknown === null ? new Turns(loop, f, c, stepThrough(value)).run() : planLoop(loop, f, c, unknown);
  };
  if (items.pauses || body.pauses) {
    return { pauses: true, run: (f, c) => { const value = items.run(f, c); return value instanceof Promise ? value.then((known) => run(f, c, known)) : run(f, c, value); } };
  }
  const evaluate = items.run;
  return { pauses: false, run: (f, c) => run(f, c, evaluate(f, c)) as Completion };
}

/** The iterator of JavaScript: a list that grows while it is gone through is gone through to its end. */
function stepThrough(value: Value): Iterator<Value> {
  if (Array.isArray(value) || typeof value === "string" || value instanceof Map || value instanceof Set) return (value as Iterable<Value>)[Symbol.iterator]();
  throw typeError(`for…of takes an array, map, set or string, not ${article(value)}.`);
}

/** A loop on its way. */
class Turns {
  readonly #loop: Loop;
  readonly #f: Frame;
  readonly #c: Strand;
  readonly #items: Iterator<Value>;
  readonly #mode: Mode;
  readonly #exits: number;
  readonly #path: string;
  readonly #level: number;
  readonly #depth: number;
  #index = 0;

  constructor(loop: Loop, f: Frame, c: Strand, items: Iterator<Value>) {
    this.#loop = loop;
    this.#f = f;
    this.#c = c;
    this.#items = items;
    this.#mode = c.mode;
    this.#exits = c.exits.length;
    this.#path = c.path;
    this.#depth = c.depth;
    c.loops += 1;
    this.#level = c.loops;
  }

  run(): Later<Completion> {
    for (;;) {
      const next = this.#items.next();
      if (next.done === true) return this.#end(NORMAL);
      const completion = this.#turn(next.value);
      if (completion instanceof Promise) return completion.then((known) => (known === BREAK || known === RETURN ? this.#end(known) : this.run()));
      if (completion === BREAK || completion === RETURN) return this.#end(completion);
    }
  }

  #turn(value: Value): Later<Completion> {
    const c = this.#c;
    const { mode } = c;
    const exits = c.exits.length;
    burn(c, this.#loop.cost);
    if (this.#loop.body.pauses) c.path = `${this.#path}${this.#loop.key}[${this.#index}]/`;
    this.#index += 1;
    try {
      const frame = newFrame(this.#f, this.#loop.size);
      this.#loop.bind(frame, c, value);
      const completion = this.#loop.body.run(frame, c);
      if (completion instanceof Promise) {
        return completion.then(
          (known) => this.#turned(known, mode, exits),
          (error: unknown) => this.#threw(error, mode, exits),
        );
      }
      return this.#turned(completion, mode, exits);
    } catch (error) {
      return this.#threw(error, mode, exits);
    }
  }

  /** The end of a turn: ways that may have gone on to the next one before are joined with it. */
  #turned(completion: Completion, mode: Mode, exits: number): Completion {
    const c = this.#c;
    c.path = this.#path;
    if (c.mode === mode) return completion;
    const { from } = c.mode;
    const continued = takeExits(c, (exit) => exit.kind === "continue" && exit.loop === this.#level);
    if (continued.length === 0) return completion;
    forget(c, this.#f, this.#loop.assigns, from);
    if (completion === BREAK || completion === RETURN) leave(c, { completion, value: c.returned }, from);
    c.mode = modeAfter(c, mode, exits);
    return NORMAL;
  }

  #threw(error: unknown, mode: Mode, exits: number): Completion {
    const c = this.#c;
    const leads = (kind: string): boolean => c.exits.some((exit) => exit.kind === kind && (exit.kind === "continue" || exit.kind === "break") && exit.loop === this.#level);
    if (c.mode === this.#mode || (!leads("continue") && !leads("break"))) throw error;
    c.loops = this.#level;
    c.depth = this.#depth;
    absorb(c, error);
    // What was assigned before the error is not known on the ways that go on.
    forget(c, this.#f, this.#loop.assigns, c.mode.from);
    return leads("continue") ? this.#turned(NORMAL, mode, exits) : BREAK;
  }

  #end(completion: Completion): Completion {
    const c = this.#c;
    c.loops = this.#level - 1;
    c.path = this.#path;
    if (c.mode === this.#mode) return completion === BREAK ? NORMAL : completion;
    const { from } = c.mode;
    const broken = takeExits(c, (exit) => exit.kind === "break" && exit.loop === this.#level);
    if (broken.length === 0) return completion === BREAK ? NORMAL : completion;
    forget(c, this.#f, this.#loop.assigns, from);
    if (completion === RETURN) leave(c, { completion, value: c.returned }, from);
    c.mode = modeAfter(c, this.#mode, this.#exits);
    return NORMAL;
  }
}

/** A loop over a list that is not known: planned once, for any number of turns; what it changes is unknown before and after. */
function planLoop(loop: Loop, f: Frame, c: Strand, unknown: Unknown): Later<Completion> {
  const { mode, path } = c;
  const exits = c.exits.length;
  forget(c, f, loop.assigns, unknown.from);
  c.mode = weaken(mode, unknown.from, true);
  c.loops += 1;
  c.path = `${path}${loop.key}[?]/`;
  const level = c.loops;
  const { wrote } = c;
  const turn = (): Later<{ readonly completion: Completion; readonly value: Value }> => {
    const frame = newFrame(f, loop.size);
    loop.bind(frame, c, unknown);
    const completion = loop.body.run(frame, c);
    return completion instanceof Promise ? completion.then((known) => ({ completion: known, value: undefined })) : { completion, value: undefined };
  };
  const done = (ending: Awaited<ReturnType<typeof attempt>>): Completion => {
    c.loops = level - 1;
    c.path = path;
    takeExits(c, (exit) => (exit.kind === "break" || exit.kind === "continue") && exit.loop === level);
    forget(c, f, loop.assigns, unknown.from);
    c.mode = modeAfter(c, mode, exits);
    const went = ending.completion === RETURN || ending.completion === "throw" ? ending : { ...ending, completion: NORMAL, value: undefined } as const;
    const empty = { completion: NORMAL, value: undefined, error: undefined, locals: [], wrote } as const;
    return join(c, f, unknown.from, [], went, empty).completion;
  };
  const ended = attempt(c, f, [], turn);
  return ended instanceof Promise ? ended.then(done) : done(ended);
}
