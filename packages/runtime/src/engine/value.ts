import type { UnsafeInteger } from "../base/index.ts";
import type { EffectId } from "../model/index.ts";

/** A value in a running program: JSON, `undefined`, maps, sets, regular expressions, functions — and what is not known yet. */
export type Value = undefined | null | boolean | number | string | readonly Value[] | ReadonlyMap<Value, Value> | ReadonlySet<Value> | UnsafeInteger | Unknown | RegExpValue | FunctionValue | { readonly [key: string]: Value };

/**
 * The value of a held write, and of all that is computed from it. `from` lists the held effects it derives from, sorted.
 * Values are told apart by class, never by a field: a tool may answer with any field names it likes.
 */
export class Unknown {
  readonly from: readonly EffectId[];
  constructor(from: readonly EffectId[]) {
    this.from = from;
    Object.freeze(this);
  }
}

/** A compiled regular expression with JavaScript's meaning in linear time. */
export abstract class RegExpValue {
  abstract readonly source: string;
  abstract readonly flags: string;
}

/** An arrow of the program, closed over its frame. */
export abstract class FunctionValue {
  /** True when calling it may take steps. */
  abstract readonly steps: boolean;
}
