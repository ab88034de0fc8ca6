import { deepFreeze } from "../../base/index.ts";
import type { Expression, ObjectEntry } from "../../program/index.ts";
import { type Code, type Compiler, type Eval, inOrder, paused, type Place, pure } from "../code.ts";
import { typeError } from "../failure.ts";
import { Closure } from "../functions.ts";
import { copyProperties, spreadAll } from "../iterate.ts";
import { setOwn } from "../kinds.ts";
import { fillTemplate } from "../operators.ts";
import { compileRegex, RegexFault } from "../../regexp/index.ts";
import { Regexp } from "../regexp.ts";
import type { Strand } from "../strand.ts";
import { born } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { expressionOf } from "./analysis.ts";

type Node<Kind extends Expression["kind"]> = Extract<Expression, { readonly kind: Kind }>;

/** Codes of several expressions; the whole pauses when one does. */
export function compileAll(nodes: readonly Expression[], place: Place, compiler: Compiler): { readonly codes: readonly Code[]; readonly pauses: boolean } {
  const codes = nodes.map((node) => compiler.expression(node, { ...place, chain: false }));
  return { codes, pauses: codes.some((code) => code.pauses) };
}

/** A node that evaluates all its parts in order and then applies a function to them. */
export function strict(nodes: readonly Expression[], place: Place, compiler: Compiler, apply: (c: Strand, values: Value[]) => Value): Code {
  const { codes, pauses } = compileAll(nodes, place, compiler);
  if (pauses) return paused(inOrder(codes, apply));
  const runs = codes.map((code) => code.run as Eval);
  return pure((f, c) => {
    const values = new Array<Value>(runs.length);
    for (let index = 0; index < runs.length; index++) values[index] = (runs[index] as Eval)(f, c);
    return apply(c, values);
  });
}

export function compileConst(node: Node<"const">): Code {
  // Literals of objects are `object` nodes; a constant is shared, so it is frozen.
  const value = deepFreeze(node.value);
  return pure(() => value);
}

export function compileRegexp(node: Node<"regexp">): Code {
  const { source, flags } = node;
  try {
    const program = compileRegex(source, flags);
    return pure(() => new Regexp(source, flags, program));
  } catch (error) {
    if (!(error instanceof RegexFault)) throw error;
    const message = `/${source}/${flags} cannot be used: ${error.message}.`;
    return pure(() => {
      throw typeError(message);
    });
  }
}

export function compileTemplate(node: Node<"template">, place: Place, compiler: Compiler): Code {
  return strict(node.values, place, compiler, (c, values) => fillTemplate(c, node.texts, values));
}

export function compileFunction(node: Node<"function">, compiler: Compiler): Code {
  const code = compiler.function(node.fn);
  return pure((f) => new Closure(code, f));
}

export function compileArray(node: Node<"array">, place: Place, compiler: Compiler): Code {
  const spread = node.items.map((item) => "spread" in item);
  const nodes = node.items.map(expressionOf);
  if (!spread.includes(true)) return strict(nodes, place, compiler, (c, values) => born(c, values));
  return strict(nodes, place, compiler, (c, values) => {
    const all = spreadAll(c, values, spread);
    return all instanceof Unknown ? all : born(c, all);
  });
}

export function compileObject(node: Node<"object">, place: Place, compiler: Compiler): Code {
  const { entries } = node;
  return strict(entries.map((entry) => entry.value), place, compiler, (c, values) => buildObject(c, entries, values));
}

function buildObject(c: Strand, entries: readonly ObjectEntry[], values: readonly Value[]): Value {
  const object: { [key: string]: Value } = {};
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index] as ObjectEntry;
    if (entry.kind === "property") setOwn(object, entry.key, values[index]);
    else {
      const unknown = copyProperties(c, object, values[index]);
      if (unknown !== null) return unknown;
    }
  }
  return object;
}
