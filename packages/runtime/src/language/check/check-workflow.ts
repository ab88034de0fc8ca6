import { type Expression, knownArguments, type Program, type StepNode } from "../../program/index.ts";
import type { Lowering } from "../lower/lowering.ts";
import { namedBy } from "../lower/names.ts";
import type { CallFacts, ToolFacts } from "../tool-facts.ts";
import { ts } from "../typescript.ts";
import { checkApprovals } from "./approvals.ts";
import { checkArguments } from "./arguments.ts";
import { checkEffects, isWrite } from "./effects.ts";
import { checkEventHeaders } from "./event-headers.ts";
import { warnFindKeys } from "./find-keys.ts";
import { checkOnceKeys } from "./once-keys.ts";
import { type PagedCall, warnUnreadPages } from "./paged-reads.ts";
import { checkPolls } from "./polls.ts";
import { warnUnreachableTools } from "./reachable-tools.ts";
import { warnStaleReads } from "./stale-reads.ts";
import { type IdentityPlace, warnUnknownIdentities } from "./unknown-identities.ts";
import { type HelperOf, walkSteps } from "./walk.ts";

/** What the checks of a whole workflow know besides its text. */
export interface Known {
  /** Whether it is known which calls write. */
  readonly classified: boolean;
  readonly tools: ToolFacts;
}

/** The checks that TypeScript cannot make: what would go wrong at night. What they find is in `l.faults`. */
export function checkWorkflow(l: Lowering, program: Program, { classified, tools }: Known): void {
  const { faults, source, facts, knowledge, callees } = l;
  const node = (site: string): ts.Node => l.stepNodes.get(site) ?? source;
  const helperOf: HelperOf = (expression) => l.scope.references.get(expression as never)?.draft?.node;
  const names = (name: string) => (callee: ts.Identifier): boolean => {
    const named = namedBy(l, callee);
    return named?.kind === "vocabulary" && named.name === name;
  };
  const check = { program, faults, knowledge, callees, classified, helperOf, node };
  checkEffects(check);
  checkPolls(check);
  checkOnceKeys(program, faults, node);
  warnIdentities(l, program);
  checkArguments(program, source, faults, tools);
  checkApprovals(l, names("approve"));
  checkEventHeaders(source, facts, faults);
  warnFindKeys(source, facts, faults, names("record"));
  warnUnreachableTools(program, helperOf, faults, node);
  warnUnreadPages(source, facts, faults, pagedCalls(l, program, tools));
  const factsOf = (step: Extract<StepNode, { kind: "tool" | "pages" }>): CallFacts | null => callFacts(tools, step);
  warnStaleReads({ program, faults, helperOf, node, factsOf, isWrite: (step: Expression) => isWrite({ knowledge, callees }, step) });
}

function callFacts(tools: ToolFacts, step: Extract<StepNode, { kind: "tool" | "pages" }>): CallFacts | null {
  const { known, open } = knownArguments(step.args);
  return tools.call(step.server, step.tool, known, open);
}

/** Single calls of paging tools; who passes the page by hand means that page. */
function pagedCalls(l: Lowering, program: Program, tools: ToolFacts): readonly PagedCall[] {
  const found: PagedCall[] = [];
  walkSteps([program.globals, program.records, program.body], () => undefined, (met) => {
    const node = met.kind === "tool" ? l.stepNodes.get(met.site) : undefined;
    if (met.kind !== "tool" || node === undefined || !ts.isCallExpression(node) || isWrite(l, met)) return true;
    const pages = callFacts(tools, met)?.pages ?? null;
    const { known, open } = knownArguments(met.args);
    const byHand = pages?.param !== null && pages?.param !== undefined && ((known !== null && Object.hasOwn(known, pages.param)) || (open !== "any" && open.includes(pages.param)));
    if (pages !== null && !byHand) found.push({ node, server: met.server, tool: met.tool, pages, needsMax: l.knowledge.pagesNeedMax(met.server, met.tool) });
    return true;
  });
  return found;
}

function warnIdentities(l: Lowering, program: Program): void {
  const writes = new Set<ts.Node>();
  const places: IdentityPlace[] = [];
  walkSteps([program.globals, program.body], () => undefined, (met) => {
    const node = met.kind === "for-of" ? undefined : l.stepNodes.get(met.site);
    if (node === undefined || !ts.isCallExpression(node)) return true;
    if (isWrite(l, met)) writes.add(node);
    const first = node.arguments[met.kind === "start-workflow" ? 1 : 0];
    if (first !== undefined && (met.kind === "once" || met.kind === "start-workflow" || (met.kind === "record" && met.operation !== "all"))) places.push({ node: first, what: met.kind === "once" ? "The key of this once" : met.kind === "record" ? "The identity of this record" : "The key of this start" });
    return true;
  });
  warnUnknownIdentities(l.source, l.facts, l.faults, writes, places);
}
