import type { RecordStep } from "./action.ts";
import type { RecordFacts } from "./facts.ts";
import { nextForOpen } from "./open-effect.ts";
import { targetChanged } from "./record-error.ts";
import type { RecordAbilities, RecordView } from "./record-view.ts";
import { livesElsewhere } from "./targets.ts";

/** The next step towards an identity without a live binding. An adopted target is only unbound: it was not ours to make. */
export function nextRelease(view: RecordView, facts: RecordFacts, has: RecordAbilities): RecordStep {
  const elsewhere = livesElsewhere(view);
  if (elsewhere !== null) return { kind: "fail", error: targetChanged(view, elsewhere) };
  if (view.open !== null) return nextForOpen(view, view.open, facts, has);
  const { binding } = view;
  if (binding === null || binding.releasedAt !== null) return { kind: "done", converged: false };
  if (binding.adopted || !has.release) return { kind: "bind", change: "released", effect: null };
  return { kind: "release", generation: binding.generation, revision: binding.revision, certain: true };
}
