import { type Program, SEMANTICS } from "../../program/index.ts";
import { unwrap } from "./literals.ts";
import { finishLowering } from "./finish.ts";
import type { Lowering } from "./lowering.ts";
import { lowerModule } from "./module.ts";
import { lowerWorkflowOptions } from "./workflow-options.ts";

/** Lowers a workflow; null when so much is wrong that there is nothing to look at. What is wrong is in `l.faults`. */
export function lowerWorkflow(l: Lowering, file: string): Program | null {
  const parts = lowerModule(l);
  const [options, body] = parts.exported?.arguments ?? [];
  if (options === undefined || body === undefined) {
    finishLowering(l, parts.made, []);
    return null;
  }
  const before = l.scope.functions.length;
  const facts = lowerWorkflowOptions(l, options);
  const triggers = l.scope.functions.slice(before);
  const main = l.functionOf(unwrap(body), "steps");
  finishLowering(l, parts.made, [...triggers, ...parts.made.flatMap(({ functions }) => functions)]);
  if (facts === null) return null;
  const tools = [...l.tools.values()].sort((a, b) => compare(a.server, b.server) || compare(a.tool, b.tool));
  return {
    kind: "workflow", semantics: SEMANTICS, ...facts,
    globals: parts.globals, records: parts.records, states: parts.states, body: main, tools, ...(l.offers.size === 0 ? {} : { offers: [...l.offers].sort(compare) }),
    debug: { file, source: l.source.text, names: l.names, globals: parts.names, marks: l.marks.toSorted((a, b) => a.start - b.start) },
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
