import type { Expression, FunctionNode, Program, StepNode } from "../../program/index.ts";
import { inOrder, paused } from "../code.ts";
import { type StepSubjects, takeStep } from "../steps/take-step.ts";
import type { Callee } from "../steps/workflows.ts";
import type { Value } from "../value.ts";
import type { StepCompiler } from "./index.ts";
import type { recordCompiler } from "./records.ts";
import { compileAll, strict } from "./values.ts";
import { waitParts } from "./wait-parts.ts";

const NOTHING: Expression = { kind: "undefined" };

/** Compiles the steps of a program: evaluate the parts in order, then act. */
export function stepCompiler(program: Program, recordAt: ReturnType<typeof recordCompiler>, calleeOf: (called: Program) => Callee): StepCompiler {
  return (node, place, compiler) => {
    const parts = stepParts(node);
    const subjects: StepSubjects = { states: program.states, record: (index) => recordAt(index, compiler), callee: (index) => calleeOf(program.calls?.[index] as Program), started: (index) => program.starts?.[index] as Program };
    // These two answer at once.
    if (node.kind === "now" || node.kind === "log") return strict(parts, place, compiler, (c, values) => takeStep(c, node, values, subjects) as Value);
    return paused(inOrder(compileAll(parts, place, compiler).codes, (c, values) => takeStep(c, node, values, subjects)));
  };
}

/** The values that a step is taken with, in the order in which they are evaluated. */
function stepParts(node: StepNode): readonly Expression[] {
  switch (node.kind) {
    case "tool":
      return [node.args];
    case "pages":
      return [node.args, node.max ?? NOTHING, node.until ?? NOTHING];
    case "resource":
      return [node.uri];
    case "prompt":
      return [node.name, node.args ?? NOTHING];
    case "once":
      return [node.key, node.window ?? NOTHING, functionOf(node.fn), node.confirm === undefined ? NOTHING : functionOf(node.confirm)];
    case "once-per-run":
      return [functionOf(node.fn)];
    case "each":
      return [node.items, node.key, node.parallel ?? NOTHING, node.fn];
    case "parallel":
      return node.branches.map(({ fn }) => functionOf(fn));
    case "call-workflow":
      return [node.inputs];
    case "start-workflow":
      return [node.key, node.inputs];
    case "ask":
      return [node.prompt, node.schema, node.maxTokens, node.model ?? NOTHING];
    case "state":
      return [node.key ?? NOTHING, node.value ?? NOTHING];
    case "record":
      return [node.value ?? NOTHING];
    case "now":
      return [];
    case "log":
    case "own":
      return node.args;
    default:
      return waitParts(node);
  }
}

function functionOf(fn: FunctionNode): Expression {
  return { kind: "function", fn };
}
