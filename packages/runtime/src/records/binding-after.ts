import { OffstageError } from "../base/index.ts";
import type { Binding, RecordKey } from "../model/index.ts";
import type { BindingChange } from "./binding-change.ts";

/** What a binding is told about the run that changes it. */
export interface Visit {
  readonly now: number;
  readonly runId: string;
  readonly workflow: string;
  readonly inputsHash: string;
  readonly epoch: number;
  /** The target of the record's server now. */
  readonly target: string;
}

/**
 * The binding after a change. Every settled action counts one revision, so that the next one has an identity of its own
 * (A → B → A is three updates); a generation begins with none. Throws `BUG` when there is nothing to change.
 */
export function bindingAfter(binding: Binding | null, change: BindingChange, visit: Visit): Binding {
  const seen = { lastSeenAt: visit.now, lastSeenRun: visit.runId, missedSweeps: 0, workflow: visit.workflow, inputsHash: visit.inputsHash };
  if (change.kind === "bound") {
    const { generation, kept, targetKey, adopted, server } = change;
    const fresh = { generation, revision: 1, kept, targetKey, adopted, server, target: visit.target, boundAt: visit.now, epoch: visit.epoch };
    return { ...keyOf(change.key), ...fresh, releasedAt: null, goneSince: null, notConverging: null, ...seen };
  }
  if (binding === null) throw new OffstageError("BUG", `${change.key.record} ${change.key.key} has no binding that could be ${change.kind}.`);
  const settled = { ...binding, ...seen, revision: binding.revision + 1, goneSince: null };
  switch (change.kind) {
    case "updated":
      return { ...settled, notConverging: change.notConverging };
    case "reopened":
      return { ...settled, releasedAt: null };
    case "released":
      return { ...binding, revision: binding.revision + (change.effect === null ? 0 : 1), releasedAt: visit.now };
    case "seen":
      return { ...binding, ...seen, goneSince: change.goneSince, notConverging: change.converged === true ? null : binding.notConverging };
  }
}

function keyOf({ scope, record, key }: RecordKey): RecordKey {
  return { scope, record, key };
}
