import type { Binding } from "../model/index.ts";
import type { RecordStep } from "./action.ts";
import type { FindFacts, RecordFacts } from "./facts.ts";
import { nextForOpen } from "./open-effect.ts";
import { ambiguousRecord, notConverging, targetChanged } from "./record-error.ts";
import type { RecordAbilities, RecordView } from "./record-view.ts";
import { candidates, livesElsewhere } from "./targets.ts";

/**
 * The next step towards one target for one identity (LANGUAGE.md §6). Pure: the same view and facts give the same step,
 * so that an attempt that was interrupted anywhere goes on as the first one would have.
 */
export function nextEnsure(view: RecordView, facts: RecordFacts, has: RecordAbilities): RecordStep {
  const elsewhere = livesElsewhere(view);
  if (elsewhere !== null) return { kind: "fail", error: targetChanged(view, elsewhere) };
  if (view.open !== null) return nextForOpen(view, view.open, facts, has);
  if (view.binding === null) return begin(view, facts, 1);
  if (view.binding.releasedAt !== null) return nextForReleased(view, view.binding, facts, has);
  return nextForLive(view, view.binding, facts, has);
}

/** No target of this generation: find one, else make one. */
function begin(view: RecordView, facts: RecordFacts, generation: number): RecordStep {
  const { found } = facts;
  if (found === null) return { kind: "find" };
  if (found === "unknown") return { kind: "create", generation, revision: 0, certain: false };
  const targets = candidates(view, found, generation);
  const [targetKey] = targets;
  if (targetKey === undefined) return { kind: "create", generation, revision: 0, certain: true };
  return targets.length === 1 ? { kind: "adopt", generation, revision: 0, targetKey } : { kind: "fail", error: ambiguousRecord(view, targets.length) };
}

function nextForReleased(view: RecordView, binding: Binding, facts: RecordFacts, has: RecordAbilities): RecordStep {
  // An adopted target was only unbound: there is nothing to reopen, and it may be adopted again.
  if (!has.reopen || binding.adopted) return begin(view, facts, binding.generation + 1);
  if (has.read && facts.read === null) return { kind: "read" };
  if (facts.read !== null && facts.read !== "unknown" && facts.read.gone) return nextForGone(view, binding, facts, facts.read.askedAt);
  return { kind: "reopen", generation: binding.generation, revision: binding.revision, certain: true };
}

function nextForLive(view: RecordView, binding: Binding, facts: RecordFacts, has: RecordAbilities): RecordStep {
  if (!has.read) return { kind: "done", converged: false };
  if (facts.read === null) return { kind: "read" };
  if (facts.read !== "unknown") {
    if (facts.read.gone) return nextForGone(view, binding, facts, facts.read.askedAt);
    if (has.same && facts.same === null) return { kind: "compare" };
  }
  if (!has.same || facts.same === true) return { kind: "done", converged: has.same };
  if (facts.updated) return facts.same === false ? { kind: "fail", error: notConverging(view) } : { kind: "done", converged: false };
  if (!has.update) return { kind: "done", converged: false };
  return { kind: "update", generation: binding.generation, revision: binding.revision, certain: facts.same === false };
}

/**
 * The read said gone. That is one witness, and it may err: no permission, another project. The next generation begins
 * only when `find`, asked past its lag after the first witness, finds nothing either.
 */
function nextForGone(view: RecordView, binding: Binding, facts: RecordFacts, goneAt: number): RecordStep {
  const { found } = facts;
  if (found === null) return { kind: "find" };
  const goneSince = binding.goneSince ?? goneAt;
  const unproven = (detail: string): RecordStep =>
    binding.goneSince === null ? { kind: "bind", change: "seen", goneSince } : { kind: "hold", generation: binding.generation + 1, why: { kind: "unproven", detail } };
  if (found === "unknown") return unproven("the read says that it is gone; what find() says is not known yet");
  if (found.targetKeys.includes(binding.targetKey)) return unproven("the read says that it is gone, and find() still shows it");
  if (!isSecondWitness(found, goneSince)) {
    return unproven(found.provesAfterMs === null ? "the read says that it is gone; find() finds nothing, which proves nothing: its profile gives no lag" : "the read says that it is gone; find() may lag and is asked again later");
  }
  return begin(view, facts, binding.generation + 1);
}

function isSecondWitness(found: FindFacts, goneSince: number): boolean {
  return found.provesAfterMs !== null && found.askedAt >= goneSince + found.provesAfterMs;
}
