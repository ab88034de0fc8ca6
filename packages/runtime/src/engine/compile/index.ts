import type { Expression } from "../../program/index.ts";
import type { Code, Compiler, Place, Placed } from "../code.ts";
import { compileBuiltin, compileCall, compileChain, compileGet, compileGlobal, compileIndex, compileLocal, compileMethod } from "./access.ts";
import { compileAssign, compileBinary, compileConditional, compileLogical, compileUnary } from "./choice.ts";
import { compileFunctionNode } from "./functions.ts";
import { compilePattern } from "./patterns.ts";
import { unplaced } from "./placed.ts";
import { compileBlock } from "./statements.ts";
import { compileArray, compileConst, compileFunction, compileObject, compileRegexp, compileTemplate } from "./values.ts";

/** What a step is compiled to: the engine's own in a workflow, a refusal in a profile. */
export type StepCompiler = (node: Extract<Expression, { readonly site: string }>, place: Place, compiler: Compiler) => Code;

/** Puts the themes together: node kind → closure, once per program. */
export function createCompiler(step: StepCompiler, placed: Placed = unplaced): Compiler {
  const compiler: Compiler = {
    placed,
    expression: (node, place) => compileExpression(node, place, compiler, step),
    block: (block, place) => compileBlock(block, place, compiler),
    function: (node) => compileFunctionNode(node, compiler),
    pattern: (pattern, place) => compilePattern(pattern, place, compiler),
  };
  return compiler;
}

function compileExpression(node: Expression, place: Place, compiler: Compiler, step: StepCompiler): Code {
  switch (node.kind) {
    case "const":
      return compileConst(node);
    case "undefined":
      return { pauses: false, run: () => undefined };
    case "regexp":
      return compileRegexp(node);
    case "local":
      return compileLocal(node);
    case "global":
      return compileGlobal(node);
    case "template":
      return compileTemplate(node, place, compiler);
    case "object":
      return compileObject(node, place, compiler);
    case "array":
      return compileArray(node, place, compiler);
    case "function":
      return compileFunction(node, compiler);
    case "conditional":
      return compileConditional(node, place, compiler);
    case "logical":
      return compileLogical(node, place, compiler);
    case "unary":
      return compileUnary(node, place, compiler);
    case "binary":
      return compileBinary(node, place, compiler);
    case "get":
      return compileGet(node, place, compiler);
    case "index":
      return compileIndex(node, place, compiler);
    case "method":
      return compileMethod(node, place, compiler);
    case "chain":
      return compileChain(node, place, compiler);
    case "call":
      return compileCall(node, place, compiler);
    case "builtin":
      return compileBuiltin(node, place, compiler);
    case "assign":
      return compileAssign(node, place, compiler);
    default:
      return step(node, { ...place, chain: false }, compiler);
  }
}
