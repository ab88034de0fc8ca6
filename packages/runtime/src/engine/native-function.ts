import type { CompiledFunction, Eval, Later, LaterEval } from "./code.ts";
import { Closure } from "./functions.ts";
import type { Strand } from "./strand.ts";
import type { Value } from "./value.ts";

/** What a function of JavaScript does, on the strand that calls it. */
export type NativeCall = (c: Strand, args: readonly Value[]) => Later<Value>;

/** A function of JavaScript as the engine calls functions. One with `steps` may give a promise. */
export function compileNative(run: NativeCall, { steps }: { readonly steps: boolean }): CompiledFunction {
  const body: LaterEval = (f, c) => run(c, f[1] as readonly Value[]);
  return {
    steps, cost: 1, size: 2, arity: -1,
    bind: (f, _, args) => void (f[1] = args),
    body: steps ? { pauses: true, run: body } : { pauses: false, run: body as Eval },
  };
}

/** {@link compileNative} as a value. */
export function nativeFunction(run: NativeCall, options: { readonly steps: boolean }): Closure {
  return new Closure(compileNative(run, options), undefined);
}
