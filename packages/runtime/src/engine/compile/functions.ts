import type { FunctionNode } from "../../program/index.ts";
import { type Bind, type Code, type CompiledFunction, type Compiler, type Completion, type Doing, type Exec, type Frame, paused, type Place, pure, RETURN } from "../code.ts";
import type { Strand } from "../strand.ts";
import { born } from "../unknown.ts";
import type { Value } from "../value.ts";
import { costOf, costOfBlock, fallbacksOf } from "./analysis.ts";
import { compileElement } from "./patterns.ts";

/** Compiles an arrow. One with an expression body is that expression. */
export function compileFunctionNode(node: FunctionNode, compiler: Compiler): CompiledFunction {
  const place: Place = { steps: node.steps, chain: false };
  const binds = node.parameters.map((parameter) => compileElement(parameter, place, compiler));
  const rest = node.rest === undefined ? null : compileElement(node.rest, place, compiler);
  const isSimple = rest === null && node.parameters.every(({ pattern, fallback }, index) => pattern.kind === "bind" && pattern.slot === index && fallback === undefined);
  return {
    steps: node.steps,
    cost: costOfBlock(node.body) + node.parameters.flatMap(({ pattern, fallback }) => [...fallbacksOf(pattern), ...(fallback === undefined ? [] : [fallback])]).reduce((sum, part) => sum + costOf(part), 0),
    size: node.slots + 1,
    arity: isSimple ? node.parameters.length : -1,
    bind: (f, c, args) => bindAll(f, c, args, binds, rest),
    body: compileBody(node, place, compiler),
  };
}

function bindAll(f: Frame, c: Strand, args: readonly Value[], binds: readonly Bind[], rest: Bind | null): void {
  binds.forEach((bind, index) => bind(f, c, args[index]));
  rest?.(f, c, born(c, args.slice(binds.length)));
}

function compileBody(node: FunctionNode, place: Place, compiler: Compiler): Code {
  const [only] = node.body;
  if (node.body.length === 1 && only?.kind === "return" && only.value !== undefined) return compiler.placed(only.at, compiler.expression(only.value, place));
  return resultOf(compiler.block(node.body, place));
}

function resultOf(doing: Doing): Code {
  const result = (c: Strand, completion: Completion): Value => {
    if (completion !== RETURN) return undefined;
    const value = c.returned;
    c.returned = undefined;
    return value;
  };
  if (doing.pauses) {
    return paused((f, c) => {
      const completion = doing.run(f, c);
      return completion instanceof Promise ? completion.then((known) => result(c, known)) : result(c, completion);
    });
  }
  const run: Exec = doing.run;
  return pure((f, c) => result(c, run(f, c)));
}
