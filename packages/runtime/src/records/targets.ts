import type { FindFacts } from "./facts.ts";
import type { RecordView } from "./record-view.ts";

/**
 * What `find` gave, each target once, without those that an older generation than `generation` created: they are over,
 * however long a search still shows them.
 */
export function candidates(view: RecordView, found: FindFacts, generation: number): readonly string[] {
  const over = new Set(view.formerTargets);
  const { binding } = view;
  if (binding !== null && binding.generation < generation && !binding.adopted) over.add(binding.targetKey);
  return [...new Set(found.targetKeys)].filter((key) => !over.has(key));
}

/** The target that the identity's open effect or binding belongs to, when the server speaks to another one now; else null. */
export function livesElsewhere(view: RecordView): string | null {
  for (const known of [view.open, view.binding]) if (known !== null && known.target !== view.target) return known.target;
  return null;
}
