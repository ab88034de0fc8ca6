import { AsyncLocalStorage } from "node:async_hooks";
import type { BinaryOperator } from "../program/index.ts";
import { compileRegexp, nativeFunction, type NativeCall, type NativeSteps, type Strand, type Value } from "../engine/index.ts";
import { createOpenSteps } from "./open-steps.ts";
import { engineError } from "./thrown.ts";
import { createWithheld } from "./withheld.ts";

/** A function of the module, whatever it takes. */
export type ModuleFunction = (...args: unknown[]) => unknown;

/** The border between the code of one run that Node executes and the engine that takes its steps. */
export interface Crossing {
  /** The strand on which the running code is. */
  strand(): Strand;
  /** Takes a step with values of the code, and gives it the result. A promise unless the step answers at once. */
  take(site: string, values: readonly unknown[]): unknown;
  /** Calls a pure function of the language. */
  builtin(name: string, args: readonly unknown[]): unknown;
  /** What a template puts into its text. */
  text(value: unknown): unknown;
  /** Converts nothing, as the language: JavaScript would make `"undefined"` and `NaN` of an answer that is not as its server declared. */
  operator(operator: BinaryOperator, left: unknown, right: unknown): unknown;
  /** The same of `-` and `+` before a value. */
  sign(operator: "-" | "+", value: unknown): unknown;
  /** What stands at a place of a list: of lists and texts alone, as in the language. */
  index(list: unknown, place: unknown): unknown;
  /** The function that is the run: it does not end before all steps that it began have, and one that it did not wait for is its fault. */
  body(fn: ModuleFunction): NativeCall;
  /** A function of the code as a step may call it. */
  callable(fn: ModuleFunction): NativeCall;
  /** The same as a value; `pauses` when it may take steps. */
  fn(fn: unknown, options: { readonly pauses: boolean }): Value;
}

/** See {@link Crossing}. */
export function createCrossing(steps: NativeSteps): Crossing {
  const strands = new AsyncLocalStorage<Strand>();
  const { held, ambiguous } = steps.body.run;
  const withheld = createWithheld(() => held.length + ambiguous.length > 0);
  const strand = (): Strand => strands.getStore() ?? steps.body;

  const callable = (fn: ModuleFunction): NativeCall => (c, args) => {
    try {
      const value = strands.run(c, () => fn(...args.map(withheld.outward)));
      return value instanceof Promise ? value.then(inward, (thrown: unknown) => { throw engineError(thrown); }) : inward(value);
    } catch (thrown) {
      throw engineError(thrown);
    }
  };
  const fn: Crossing["fn"] = (value, { pauses }) => nativeFunction(callable(value as ModuleFunction), { steps: pauses });
  const inward = (value: unknown): Value => {
    if (typeof value === "function") return fn(value, { pauses: false });
    if (value instanceof RegExp) return compileRegexp(value.source, value.flags);
    return withheld.inward(value) as Value;
  };
  const open = createOpenSteps();
  return {
    strand, callable, fn,
    body: (run) => async (c, args) => {
      const ended = (async () => callable(run)(c, args))();
      await ended.catch(() => undefined);
      await open.end().catch((fault: unknown) => ended.then(() => { throw fault; }));
      return ended;
    },
    take(site, values) {
      const value = steps.take(strand(), site, values.map(inward));
      if (!(value instanceof Promise)) return withheld.outward(value);
      open.begun(value);
      return handled(value.then(withheld.outward));
    },
    text: (value) => (typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : steps.text(inward(value))),
    operator: (operator, left, right) => withheld.outward(steps.operator(strand(), operator, inward(left), inward(right))),
    sign: (operator, value) => withheld.outward(steps.sign(strand(), operator, inward(value))),
    // A list of the code's own is as long as it is: nothing of it is carried over for one of its items.
    index: (list, place) => (Array.isArray(list) && typeof place === "number" ? (list as readonly unknown[])[place] : withheld.outward(steps.index(strand(), inward(list), inward(place)))),
    builtin: (name, args) => withheld.outward(steps.builtin(strand(), name, args.map(inward))),
  };
}

/** A promise whose failure nobody has to look at for the process to live on. */
export function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
