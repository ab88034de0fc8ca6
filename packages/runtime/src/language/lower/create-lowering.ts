import type { Faults } from "../faults.ts";
import { createTypeFacts } from "../type-facts.ts";
import type { ts } from "../typescript.ts";
import { lowerAwaited, lowerExpression, lowerIterable } from "./expressions.ts";
import { refuseStep } from "./finish.ts";
import { lowerFunctionOf, lowerFunctionValue } from "./functions.ts";
import type { Imported } from "./callee.ts";
import type { Lowering, ToolKnowledge } from "./lowering.ts";
import { markName } from "./marks.ts";
import { createScope } from "./scope.ts";
import { lowerStatements } from "./statements.ts";

/** Puts the parts of the lowering together for one module. */
export function createLowering(kind: Lowering["kind"], source: ts.SourceFile, checker: ts.TypeChecker, faults: Faults, knowledge: ToolKnowledge, imports: ReadonlyMap<string, Imported> = new Map(), ownModules: ReadonlySet<string> = new Set()): Lowering {
  const scope = createScope();
  const counts = new Map<string, number>();
  const site = (callee: string): string => {
    const count = (counts.get(callee) ?? 0) + 1;
    counts.set(callee, count);
    return `${callee}#${count}`;
  };
  const l: Lowering = {
    kind, source, facts: createTypeFacts(checker, knowledge.serverNamed), faults, scope, knowledge,
    expression: (node) => lowerExpression(l, node),
    awaited: (node) => lowerAwaited(l, node),
    iterable: (node) => lowerIterable(l, node),
    functionOf: (node, role) => lowerFunctionOf(l, node, role),
    functionValue: (node, role) => lowerFunctionValue(l, node, role),
    statements: (nodes) => lowerStatements(l, nodes),
    site,
    step: (callee, node, pauses) => {
      const name = site(callee);
      l.stepNodes.set(name, node);
      markName(l, name, node);
      if (scope.owner === null) refuseStep(l, node);
      else {
        scope.owner.takesStep = true;
        if (pauses) scope.owner.pauses = true;
      }
      return name;
    },
    tools: new Map(), offers: new Set(), imports, ownModules, callees: [], started: [], taken: new Set(), calls: [], globalReads: [], stepNodes: new Map(), names: {}, members: new Map(), localTypes: new Map(), marks: [],
  };
  return l;
}
