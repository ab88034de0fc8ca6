import type { Lowering } from "./lowering.ts";
import { markName } from "./marks.ts";
import type { MadeGlobal } from "./module.ts";
import type { FunctionDraft, Helper } from "./scope.ts";

/**
 * What can be known only when every function is lowered: which of them take steps, which calls of helpers are therefore
 * part of a step's key, that no helper reaches itself, and that no constant is read before it is made.
 */
export function finishLowering(l: Lowering, made: readonly MadeGlobal[], withoutRun: readonly FunctionDraft[]): void {
  refuseRecursion(l);
  const takesStep = reaches((draft) => draft.takesStep, (draft) => [...draft.callbacks, ...lowered(draft.uses)]);
  const pauses = reaches((draft) => draft.pauses, (draft) => lowered(draft.uses));
  for (const draft of l.scope.functions) draft.node.steps = pauses(draft);
  for (const { node, site, helper, caller, source } of l.calls) {
    const steps = helper === null || (helper.draft !== null && takesStep(helper.draft));
    if (steps) {
      node.callSite = site;
      markName(l, site, source);
    }
    if (steps && caller === null) refuseStep(l, source);
  }
  for (const draft of withoutRun) if (takesStep(draft)) refuseStep(l, draft.source);
  refuseEarlyReads(l, made);
}

/** The fault of a step where there is no run that could take it. */
export function refuseStep(l: Lowering, node: Parameters<Lowering["faults"]["error"]>[0]): void {
  const hint = l.kind === "profile" ? "A profile's functions only look at what they are given." : "Move it into the workflow's body.";
  l.faults.error(node, "TOP_LEVEL_STEP", "There is no run here that could make this call or read the clock.", hint);
}

function lowered(helpers: readonly Helper[]): readonly FunctionDraft[] {
  return helpers.flatMap((helper) => helper.draft ?? []);
}

/** Whether a property holds for a function or for anything that `next` leads to. */
function reaches(holds: (draft: FunctionDraft) => boolean, next: (draft: FunctionDraft) => readonly FunctionDraft[]): (draft: FunctionDraft) => boolean {
  const known = new Map<FunctionDraft, boolean>();
  const ask = (draft: FunctionDraft): boolean => {
    const answer = known.get(draft);
    if (answer !== undefined) return answer;
    known.set(draft, false); // Recursion is refused; what comes back here adds nothing.
    const found = holds(draft) || next(draft).some(ask);
    known.set(draft, found);
    return found;
  };
  return ask;
}

function refuseRecursion(l: Lowering): void {
  const state = new Map<FunctionDraft, "open" | "done">();
  const visit = (draft: FunctionDraft): void => {
    const before = state.get(draft);
    if (before === "done") return;
    if (before === "open") {
      l.faults.error(draft.source, "RECURSION", "This helper calls itself, perhaps through another.", "Use `each`, `for…of` or `reduce`; a run must be bounded.");
      return;
    }
    state.set(draft, "open");
    for (const next of [...draft.callbacks, ...lowered(draft.uses)]) visit(next);
    state.set(draft, "done");
  };
  for (const draft of l.scope.functions) visit(draft);
}

function refuseEarlyReads(l: Lowering, made: readonly MadeGlobal[]): void {
  const direct = new Map(made.map((global) => [global.index, readsOf(l, global)]));
  const helpers = new Set(made.filter(({ helper }) => helper).map(({ index }) => index));
  for (const { node, index, helper } of made) {
    if (helper) continue;
    const seen = new Set<number>();
    const open = [...(direct.get(index) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (seen.has(next)) continue;
      seen.add(next);
      if (next >= index) {
        l.faults.error(node, "USE_BEFORE_DECLARATION", "This constant is made from one that stands further down.", "Move the other one up.");
        break;
      }
      if (helpers.has(next)) open.push(...(direct.get(next) ?? []));
    }
  }
}

function readsOf(l: Lowering, { node }: MadeGlobal): readonly number[] {
  const [start, end] = [node.getStart(l.source), node.end];
  return l.globalReads.filter(({ at }) => at >= start && at < end).map(({ index }) => index);
}
