import type { StepKey } from "../../model/index.ts";
import type { Later } from "../code.ts";
import { findUnknown } from "../data.ts";
import { AmbiguousEnd, ParkedEnd, reachOf, toFailure, WithheldEnd } from "../failure.ts";
import { refuel, type Strand, SURE } from "../strand.ts";
import { noteItem } from "../sweep-notes.ts";
import { touch, weaken } from "../unknown.ts";
import { Unknown, type Value } from "../value.ts";
import { noteAmbiguous } from "./holds.ts";
import { replayStaged } from "./states.ts";

/** What becomes a strand of its own: an item of an `each`, a branch of `parallel`. */
export interface Branch {
  /** Its part of the step keys of what happens in it. */
  readonly segment: string;
  /** Why it is not known which one it is; null when it is. */
  readonly unknown: Unknown | null;
  run(child: Strand): Later<Value>;
}

/** How branches go beside each other. */
export interface BranchOptions {
  /** How many at a time. */
  readonly width: number;
  /** `stop`: after an error no more are started, and the first one in their order is thrown. `continue`: errors are listed as the run's. */
  readonly onError: "stop" | "continue";
  /** No branch ever visits more than one record. */
  readonly visitsOne?: boolean;
}

/** How a branch ended. */
export type Ending = { readonly kind: "value"; readonly value: Value } | { readonly kind: "failed"; readonly error: unknown } | { readonly kind: "parked"; readonly end: ParkedEnd };

/** Runs branches, `width` at a time, in their order; nothing is left in flight when it ends. Those that were not started have no ending. */
export async function runBranches(c: Strand, branches: readonly Branch[], options: BranchOptions): Promise<readonly (Ending | undefined)[]> {
  const endings = new Array<Ending | undefined>(branches.length);
  // Only of branches that the strand around must know something of: most leave nothing behind.
  const notable = new Map<number, Strand>();
  let next = 0;
  let stopped = false;
  const worker = async (): Promise<void> => {
    while (!stopped && next < branches.length) {
      const index = next++;
      const branch = branches[index] as Branch;
      const child = c.fork(`${c.path}${branch.segment}/`);
      child.inParallel = c.inParallel || options.width > 1;
      if (branch.unknown !== null) child.mode = weaken(c.mode, branch.unknown.from);
      const ending = await runBranch(child, `${c.path}${branch.segment}`, branch, options);
      c.visited ||= child.visited;
      if (child.unsettled || child.waited || child.touched !== null || child.staged.length > 0) notable.set(index, child);
      endings[index] = ending;
      // It keeps its place among those that go on side by side: one after the other stays one after the other.
      if (ending.kind === "parked") return;
      if (ending.kind === "failed" && (options.onError === "stop" || reachOf(ending.error) === "run" || reachOf(ending.error) === "engine")) stopped = true;
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.width, branches.length) }, worker));
  // In their order, whatever ended first.
  for (const [, child] of [...notable].sort(([a], [b]) => a - b)) {
    rejoin(c, child);
    if (options.onError === "stop") mayFail(c, child);
  }
  conclude(c, branches, endings, options);
  return endings;
}

async function runBranch(child: Strand, key: StepKey, branch: Branch, { onError, visitsOne = false }: BranchOptions): Promise<Ending> {
  const { ports, frame } = child.run;
  // What looks for the traces of a write is asked anew at each attempt.
  const compacts = child.mode === SURE && frame.phase !== "plan" && child.probe === null;
  try {
    ports.checkpoint("other");
    const compacted = compacts ? ports.journal.compacted(key) : undefined;
    if (compacted !== undefined) {
      replayStaged(child, compacted.staged);
      return { kind: "value", value: compacted.result };
    }
    refuel(child);
    const value = await branch.run(child);
    noteItem(child, key, { visitsOne, reachedItsEnd: true });
    if (child.exits.length > 0) {
      // Under a condition that is not known it may have ended with an error.
      child.unsettled = true;
      return { kind: "value", value: new Unknown(child.mode.from) };
    }
    if (compacts && !child.unsettled && findUnknown(child, value) === null) await ports.journal.compact(key, { result: value, staged: child.staged });
    return { kind: "value", value };
  } catch (error) {
    noteItem(child, key, { visitsOne: visitsOne && onError === "continue", reachedItsEnd: false });
    if (error instanceof AmbiguousEnd) {
      noteAmbiguous(child, error);
      child.after ??= error.effect;
      child.unsettled = true;
      return { kind: "value", value: new Unknown([error.effect]) };
    }
    child.unsettled = true;
    if (error instanceof ParkedEnd) return { kind: "parked", end: error };
    return error instanceof WithheldEnd ? { kind: "value", value: error.value } : { kind: "failed", error };
  }
}

/** What the strand around must know of one that ended. */
export function rejoin(c: Strand, child: Strand): void {
  c.after ??= child.after;
  c.unsettled ||= child.unsettled;
  c.waited ||= child.waited;
  if (child.stale !== c.stale) c.stale = new Map([...c.stale, ...child.stale]);
  c.staged.push(...child.staged);
}

/** What a branch used may make it fail once it is known, and its failure is that of the strand around it. */
export function mayFail(c: Strand, child: Strand): void {
  if (child.touched !== null) touch(c, child.touched);
  if (child.exits.length === 0) return;
  c.exits.push({ kind: "throw", guard: c.guards });
  c.mode = weaken(c.mode, child.mode.from);
}

/** Throws what ends them all: first what ends the run, then that one waits, then the first error in their order. Otherwise notes the failures. */
function conclude(c: Strand, branches: readonly Branch[], endings: readonly (Ending | undefined)[], { onError }: BranchOptions): void {
  const failed = endings.flatMap((ending, index) => (ending?.kind === "failed" ? [{ error: ending.error, segment: (branches[index] as Branch).segment }] : []));
  for (const reach of ["engine", "run"] as const) {
    const worst = failed.find(({ error }) => reachOf(error) === reach);
    if (worst !== undefined) throw worst.error;
  }
  // Nothing can be said of them together before the last one is done.
  const parked = endings.find((ending) => ending?.kind === "parked");
  if (parked?.kind === "parked") throw parked.end;
  const [first] = failed;
  if (first === undefined) return;
  if (onError === "stop") throw first.error;
  for (const { error, segment } of failed) c.run.failures.push({ step: `${c.path}${segment}`, error: toFailure(error) });
}
