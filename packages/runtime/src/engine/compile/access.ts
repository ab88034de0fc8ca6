import type { Expression, Spreadable } from "../../program/index.ts";
import { builtinCaller } from "../builtins/index.ts";
import { andThen, type Code, type Compiler, type Eval, type Frame, inOrder, type Later, paused, type Place, pure, SHORT } from "../code.ts";
import { asFunction, call } from "../functions.ts";
import { spreadAll } from "../iterate.ts";
import { propertyReader, readIndex } from "../members.ts";
import { methodCaller } from "../methods.ts";
import type { Strand } from "../strand.ts";
import { derive } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { expressionOf } from "./analysis.ts";
import { compileAll } from "./values.ts";

type Node<Kind extends Expression["kind"]> = Extract<Expression, { readonly kind: Kind }>;

export function compileLocal({ up, slot }: Node<"local">): Code {
  const at = slot + 1;
  switch (up) {
    case 0:
      return pure((f) => f[at] as Value);
    case 1:
      return pure((f) => (f[0] as Frame)[at] as Value);
    case 2:
      return pure((f) => ((f[0] as Frame)[0] as Frame)[at] as Value);
    default:
      return pure((f) => {
        let frame = f;
        for (let level = up; level > 0; level--) frame = frame[0] as Frame;
        return frame[at] as Value;
      });
  }
}

export function compileGlobal({ index }: Node<"global">): Code {
  return pure((_, c) => c.module.globals[index]);
}

/**
 * A member of `value`: `use` gets the receiver, unless an optional member meets null or undefined, or the chain was cut
 * short further left.
 */
function member(value: Code, optional: boolean, chain: boolean, use: (c: Strand, self: Value, f: Frame) => Later<Value>, pauses: boolean): Code {
  const apply = (f: Frame, c: Strand, self: Value): Later<Value> => {
    if (chain) {
      if (self === SHORT) return SHORT;
      if (optional && (self === null || self === undefined)) return SHORT;
    }
    return use(c, self, f);
  };
  if (value.pauses || pauses) return paused((f, c) => andThen(value.run(f, c), (self) => apply(f, c, self)));
  const { run } = value;
  const now = use as (c: Strand, self: Value, f: Frame) => Value;
  if (!chain) return pure((f, c) => now(c, run(f, c), f));
  return pure((f, c) => apply(f, c, run(f, c)) as Value);
}

export function compileGet(node: Node<"get">, place: Place, compiler: Compiler): Code {
  return member(compiler.expression(node.value, place), node.optional === true, place.chain, propertyReader(node.name), false);
}

export function compileIndex(node: Node<"index">, place: Place, compiler: Compiler): Code {
  const index = compiler.expression(node.index, { ...place, chain: false });
  const use = (c: Strand, self: Value, f: Frame): Later<Value> => andThen(index.run(f, c), (known) => readIndex(c, self, known));
  return member(compiler.expression(node.value, place), node.optional === true, place.chain, use, index.pauses);
}

/** Evaluates an argument list, spreads included, and goes on with it. */
function withArguments(args: readonly Spreadable<Expression>[], place: Place, compiler: Compiler): { readonly pauses: boolean; readonly run: (f: Frame, c: Strand, use: (args: readonly Value[] | Unknown) => Later<Value>) => Later<Value> } {
  const spread = args.map((arg) => "spread" in arg);
  const spreads = spread.includes(true);
  const { codes, pauses } = compileAll(args.map(expressionOf), place, compiler);
  if (!pauses) {
    const runs = codes.map((code) => code.run as Eval);
    return {
      pauses,
      run: (f, c, use) => {
        const values = new Array<Value>(runs.length);
        for (let index = 0; index < runs.length; index++) values[index] = (runs[index] as Eval)(f, c);
        return use(spreads ? spreadAll(c, values, spread) : values);
      },
    };
  }
  return { pauses, run: (f, c, use) => inOrder(codes, (_, values) => use(spreads ? spreadAll(c, values, spread) : values))(f, c) };
}

export function compileMethod(node: Node<"method">, place: Place, compiler: Compiler): Code {
  const method = methodCaller(node.name);
  const args = withArguments(node.args, place, compiler);
  const use = (c: Strand, self: Value, f: Frame): Later<Value> =>
    args.run(f, c, (known) => (known instanceof Unknown ? derive(c, known) : method(c, self, known)));
  return member(compiler.expression(node.value, place), node.optional === true, place.chain, use, args.pauses);
}

export function compileChain(node: Node<"chain">, place: Place, compiler: Compiler): Code {
  const value = compiler.expression(node.value, { ...place, chain: true });
  const end = (known: Value): Value => (known === SHORT ? undefined : known);
  if (value.pauses) return paused((f, c) => andThen(value.run(f, c), end));
  const { run } = value;
  return pure((f, c) => end(run(f, c)));
}

export function compileCall(node: Node<"call">, place: Place, compiler: Compiler): Code {
  const args = withArguments(node.args, place, compiler);
  const { callSite } = node;
  const use = (c: Strand, self: Value, f: Frame): Later<Value> =>
    args.run(f, c, (known) => {
      if (self instanceof Unknown) return derive(c, self);
      const fn = asFunction(self, "What is called");
      if (known instanceof Unknown) return derive(c, known);
      if (callSite === undefined) return call(fn, c, known);
      const { path } = c;
      c.path = `${path}${callSite}/`;
      return andThen(call(fn, c, known), (value) => {
        c.path = path;
        return value;
      });
    });
  return member(compiler.expression(node.callee, place), false, place.chain, use, args.pauses || (place.steps && callSite !== undefined));
}

export function compileBuiltin(node: Node<"builtin">, place: Place, compiler: Compiler): Code {
  const builtin = builtinCaller(node.name);
  const args = withArguments(node.args, place, compiler);
  const use = (c: Strand) => (known: readonly Value[] | Unknown): Value => (known instanceof Unknown ? derive(c, known) : builtin(c, known));
  if (args.pauses) return paused((f, c) => args.run(f, c, use(c)));
  return pure((f, c) => args.run(f, c, use(c)) as Value);
}
