import type { Binding, RecordKey } from "../model/index.ts";

/** A sweep: what its runs visit, and since when. */
export interface Sweep {
  /** Every name that the workflow has or had. */
  readonly workflows: readonly string[];
  readonly inputsHash: string;
  /** When it began; ms since the epoch. */
  readonly since: number;
  /** False for a run that goes on with an earlier sweep: it asks for nothing new, and is no witness of its own. */
  readonly counts: boolean;
}

/** How many complete sweeps in a row miss what is released. */
const WITNESSES = 2;

/**
 * The live bindings that a sweep covers and did not visit: those of its workflow and inputs that nobody saw since it began. `orphans`: of them those that it is not
 * the first complete sweep to miss (LANGUAGE.md §6). Pure.
 */
export function missedBy(sweep: Sweep, bindings: readonly Binding[], visited: (key: RecordKey) => boolean): { readonly missed: readonly Binding[]; readonly orphans: readonly Binding[] } {
  const missed = bindings.filter((binding) => isCovered(sweep, binding) && binding.lastSeenAt < sweep.since && !visited(binding));
  return { missed, orphans: missed.filter(({ missedSweeps }) => missedSweeps + (sweep.counts ? 1 : 0) >= WITNESSES) };
}

function isCovered({ workflows, inputsHash }: Sweep, { workflow, inputsHash: seenWith, releasedAt }: Binding): boolean {
  return releasedAt === null && workflows.includes(workflow) && seenWith === inputsHash;
}

/** The binding when a complete sweep that began at `since` missed it: unchanged, null, when somebody saw or released it in the meantime. */
export function afterMiss(binding: Binding | null, since: number): Binding | null {
  if (binding === null || binding.releasedAt !== null || binding.lastSeenAt >= since) return null;
  return { ...binding, missedSweeps: binding.missedSweeps + 1 };
}
