import type { LocalRef, Statement } from "../../program/index.ts";
import { type Bind, type Compiler, type Completion, type Doing, type Frame, type Later, type Place, readLocal, RETURN } from "../code.ts";
import { isCatchable } from "../failure.ts";
import { attempt, type Ending, forget, join, modeAfter, takeExits } from "../paths.ts";
import type { Mode, Position, Strand } from "../strand.ts";
import { errorValue } from "../thrown.ts";
import { union, weaken } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";

type Try = Extract<Statement, { readonly kind: "try" }>;

interface Handler {
  readonly bind: Bind | null;
  readonly body: Doing;
  readonly assigns: readonly LocalRef[];
}

/**
 * `try`/`catch`. Catches what a workflow may catch, as `{ code, message }`. When the body used something unknown, it may
 * throw once that is known: a plan shows the handler as `may` then.
 */
export function compileTry(node: Try, place: Place, compiler: Compiler): Doing {
  const body = compiler.block(node.body, place);
  const handler: Handler = { bind: node.parameter === undefined ? null : compiler.pattern(node.parameter, place), body: compiler.block(node.handler, place), assigns: node.assigns };
  const run = (f: Frame, c: Strand): Later<Completion> => {
    const guarded = new Guarded(handler, f, c);
    try {
      const completion = body.run(f, c);
      if (completion instanceof Promise) return completion.then((known) => guarded.ended(known), (error: unknown) => guarded.threw(error));
      return guarded.ended(completion);
    } catch (error) {
      return guarded.threw(error);
    }
  };
  if (body.pauses || handler.body.pauses) return { pauses: true, run };
  return { pauses: false, run: (f, c) => run(f, c) as Completion };
}

/** A body under guard: what has to be put back when it throws, and what a plan must know when it might have. */
class Guarded {
  readonly #handler: Handler;
  readonly #f: Frame;
  readonly #c: Strand;
  readonly #position: Position;
  readonly #mode: Mode;
  readonly #exits: number;
  readonly #touched: Unknown | null;
  readonly #level: number;
  #caught = false;

  constructor(handler: Handler, f: Frame, c: Strand) {
    this.#handler = handler;
    this.#f = f;
    this.#c = c;
    this.#position = c.position();
    this.#mode = c.mode;
    this.#exits = c.exits.length;
    this.#touched = c.touched;
    c.touched = null;
    c.guards += 1;
    this.#level = c.guards;
  }

  /** The body ended without an error; it might have thrown where it used something unknown. */
  ended(completion: Completion): Later<Completion> {
    const c = this.#c;
    const doubt = this.#doubt();
    this.#leave();
    if (doubt === null) return completion;
    const refs = this.#handler.assigns;
    const value = completion === RETURN ? c.returned : undefined;
    return this.#both(doubt, (locals): Ending => ({ completion, value, error: undefined, locals, wrote: c.wrote }), refs);
  }

  /** The body threw; only what a workflow may catch is handled. */
  threw(error: unknown): Later<Completion> {
    if (this.#caught || !isCatchable(error)) throw error;
    this.#caught = true;
    const c = this.#c;
    const doubt = takeExits(c, (exit) => exit.kind === "throw" && exit.guard === this.#level).length > 0 ? new Unknown(c.mode.from) : null;
    const { wrote } = c;
    c.moveTo(this.#position);
    c.wrote = wrote;
    c.mode = modeAfter(c, this.#mode, this.#exits);
    c.touched = this.#touched;
    if (doubt !== null) forget(c, this.#f, this.#handler.assigns, doubt.from);
    return this.#handle(doubt ?? errorValue(error));
  }

  /** What makes it doubtful that the body came to its end. */
  #doubt(): Unknown | null {
    const c = this.#c;
    const thrown = takeExits(c, (exit) => exit.kind === "throw" && exit.guard === this.#level).length > 0;
    if (!thrown && c.touched === null) return null;
    return new Unknown(union([c.touched?.from ?? [], thrown ? c.mode.from : []]));
  }

  #leave(): void {
    const c = this.#c;
    this.#caught = true;
    c.guards = this.#level - 1;
    c.mode = modeAfter(c, this.#mode, this.#exits);
    c.touched = this.#touched;
  }

  #handle(error: Value): Later<Completion> {
    this.#handler.bind?.(this.#f, this.#c, error);
    return this.#handler.body.run(this.#f, this.#c);
  }

  /** Plans the handler as `may` beside the body that came to its end. */
  #both(doubt: Unknown, bodyEnding: (locals: readonly Value[]) => Ending, refs: readonly LocalRef[]): Later<Completion> {
    const c = this.#c;
    const f = this.#f;
    const mode = c.mode;
    const exits = c.exits.length;
    const went = bodyEnding(refs.map((ref) => readLocal(f, ref)));
    forget(c, f, refs, doubt.from);
    c.mode = weaken(mode, doubt.from);
    const done = (handled: Ending): Completion => {
      c.mode = modeAfter(c, mode, exits);
      return join(c, f, doubt.from, refs, handled, went).completion;
    };
    const handled = attempt(c, f, refs, () => {
      const completion = this.#handle(doubt);
      return completion instanceof Promise ? completion.then((known) => ({ completion: known, value: undefined })) : { completion, value: undefined };
    });
    return handled instanceof Promise ? handled.then(done) : done(handled);
  }
}
