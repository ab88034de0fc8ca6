import { type Program, SEMANTICS } from "../../program/index.ts";
import { unwrap } from "./literals.ts";
import { commentsOf } from "./comments.ts";
import { workflowTypes } from "./debug-types.ts";
import { finishLowering } from "./finish.ts";
import type { Lowering } from "./lowering.ts";
import { membersOf } from "./members.ts";
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
  return {
    kind: "workflow", semantics: SEMANTICS, ...facts,
    globals: parts.globals, records: parts.records, states: parts.states, body: main, ...reachedBy(l),
    debug: { file, source: l.source.text, names: l.names, globals: parts.names, records: parts.recordNames, states: parts.stateNames, comments: commentsOf(l.source), members: membersOf(l), marks: l.marks.toSorted((a, b) => a.start - b.start), types: workflowTypes(l, parts, body) },
  };
}

/** What a run can reach: here, and in the workflows that are called; and what it starts. */
function reachedBy(l: Lowering): Pick<Program, "tools" | "offers" | "calls" | "starts"> {
  const called = l.callees.map(({ program }) => program);
  const tools = new Map([...called.flatMap((program) => program.tools.map((use) => [JSON.stringify([use.server, use.tool]), use] as const)), ...l.tools]);
  const offers = [...new Set([...l.offers, ...called.flatMap((program) => program.offers ?? [])])].sort(compare);
  return {
    tools: [...tools.values()].sort((a, b) => compare(a.server, b.server) || compare(a.tool, b.tool)),
    ...(offers.length === 0 ? {} : { offers }),
    ...(called.length === 0 ? {} : { calls: called }),
    ...(l.started.length === 0 ? {} : { starts: l.started.map(({ program }) => program) }),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
