import type { Clock } from "../base/index.ts";
import type { BlobSum, ChainPlace, Cutoffs, OldChain, RemovedRows, Store, StoreTx } from "../state/index.ts";
import { type Batch, removeBlobs, unnamedBlobs } from "./prune-blobs.ts";

/** How long what is over is kept; ms, null for ever. */
export interface Retention {
  /** From a run's end, and that of the last one which continues it. */
  readonly runsMs: number | null;
  /** From when an event came; as long as its run at least. Within this an event that comes again is known. */
  readonly eventsMs: number | null;
}

/** What was removed, or would be. */
export interface Pruned extends RemovedRows, BlobSum {
  /** `once … for:` whose time was over. */
  readonly windows: number;
  readonly programs: number;
}

/** What {@link pruneStore} needs. */
export interface PruneOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly retention: Retention;
  /** False: blobs not this time. To remove them, all that the store holds is looked through for their names. */
  readonly blobs?: boolean;
  /** Aborted to stop; what is not removed by then stays for the next time. */
  readonly stopping: AbortSignal;
  /** Between two transactions, so that others have their turns; ms. */
  readonly pauseMs: number;
  /** Told after each batch of runs. */
  readonly progress?: (pruned: Pruned) => void;
}

/** Small enough that a webhook which comes meanwhile is not held up for long. */
const [CHAINS_AT_ONCE, ROWS_AT_ONCE, ARRIVALS_AT_ONCE] = [25, 250, 500];

const QUICK = { durable: false } as const;
const READS = { durable: false, reads: true } as const;

/**
 * Removes what is over for long, in small transactions that each ask anew whether it still is: so that it needs no lease, a run that is continued meanwhile stays, and one that is killed leaves
 * a whole store, in which the next goes on. Nothing waits for the disk: what a crash brings back is removed again.
 */
export async function pruneStore(options: PruneOptions): Promise<Pruned> {
  const cutoffs = cutoffsAt(options.clock.now(), options.retention);
  const batch = batches(options);
  let pruned: Pruned = { runs: 0, arrivals: 0, windows: 0, programs: 0, blobs: 0, bytes: 0 };
  // What a killed one did not come to.
  await removeLeft(batch);
  for (let after: ChainPlace | null = null; ; ) {
    const from: ChainPlace | null = after;
    const chains: readonly OldChain[] | null = await batch((store) => store.transact(READS, (tx) => tx.oldChains(cutoffs, from, CHAINS_AT_ONCE)));
    if (chains === null || chains.length === 0) break;
    after = chains.at(-1) ?? null;
    if (!chains.some(({ removable }) => removable)) continue;
    const removed = await batch((store) => removeChains(store, cutoffs, from));
    await removeLeft(batch);
    pruned = { ...pruned, runs: pruned.runs + (removed?.runs ?? 0), arrivals: pruned.arrivals + (removed?.arrivals ?? 0) };
    options.progress?.(pruned);
  }
  for (let place: number | null = 0; place !== null; ) {
    const from: number = place;
    const looked: { readonly removed: number; readonly last: number | null } | null = await batch((store) => store.transact(QUICK, (tx) => tx.removeArrivals(cutoffs, from, ARRIVALS_AT_ONCE)));
    pruned = { ...pruned, arrivals: pruned.arrivals + (looked?.removed ?? 0) };
    place = looked?.last ?? null;
  }
  const windows = await untilFew(() => batch((store) => store.transact(QUICK, (tx) => tx.removeWindows(cutoffs.runs, ROWS_AT_ONCE))));
  const programs = await untilFew(() => batch((store) => store.transact(QUICK, (tx) => tx.removePrograms(ROWS_AT_ONCE))));
  // In the end: what named them is gone by now.
  const removed = options.blobs === false ? { blobs: 0, bytes: 0 } : await removeBlobs(batch, cutoffs.runs);
  return { ...pruned, windows, programs, ...removed };
}

/** What would be removed; removes nothing. */
export interface Prunable extends BlobSum {
  readonly runs: number;
  /** Runs that began as long ago, and may still go on. */
  readonly staying: number;
}

/** How many runs are over for long, and how many that began as long ago may still go on; and the blobs that nothing names now, without those that only these runs name. */
export async function countPrunable({ store, clock, retention }: Pick<PruneOptions, "store" | "clock" | "retention">): Promise<Prunable> {
  const cutoffs = cutoffsAt(clock.now(), retention);
  const sizes = [...((await unnamedBlobs((work) => work(store), cutoffs.runs)) ?? new Map<string, number>()).values()];
  const sum = { blobs: sizes.length, bytes: sizes.reduce((all, bytes) => all + bytes, 0) };
  let [runs, staying] = [0, 0];
  for (let after: ChainPlace | null = null; ; ) {
    const from: ChainPlace | null = after;
    const chains: readonly OldChain[] = await store.transact(READS, (tx) => tx.oldChains(cutoffs, from, ARRIVALS_AT_ONCE));
    if (chains.length === 0) return { runs, staying, ...sum };
    for (const chain of chains) {
      if (chain.removable) runs += chain.runs;
      else staying += chain.runs;
    }
    after = chains.at(-1) ?? null;
  }
}

/** Runs that ended before this instant may be gone; ms, null: none was ever removed. */
export async function removedUntil(tx: Pick<StoreTx, "getMeta">): Promise<number | null> {
  const until = await tx.getMeta("removed-until");
  return typeof until === "number" ? until : null;
}

function cutoffsAt(now: number, { runsMs, eventsMs }: Retention): Cutoffs {
  return { now, runs: runsMs === null ? 0 : now - runsMs, events: eventsMs === null ? 0 : now - eventsMs };
}

function batches({ store, clock, stopping, pauseMs }: PruneOptions): Batch {
  return async (work) => {
    if (pauseMs > 0) await clock.sleep(pauseMs, stopping);
    return stopping.aborted ? null : work(store);
  };
}

/** Those that may still go, now that nobody else writes. */
function removeChains(store: Store, cutoffs: Cutoffs, from: ChainPlace | null): Promise<RemovedRows> {
  return store.transact(QUICK, async (tx) => {
    const roots = (await tx.oldChains(cutoffs, from, CHAINS_AT_ONCE)).filter(({ removable }) => removable).map(({ root }) => root);
    if (roots.length === 0) return { runs: 0, arrivals: 0 };
    await tx.putMeta("removed-until", Math.max(cutoffs.runs, (await removedUntil(tx)) ?? 0));
    return tx.removeChains(cutoffs, roots);
  });
}

async function removeLeft(batch: Batch): Promise<void> {
  while ((await batch((store) => store.transact(QUICK, (tx) => tx.removeLeavings(ROWS_AT_ONCE)))) === true);
}

async function untilFew(remove: () => Promise<number | null>): Promise<number> {
  for (let sum = 0; ; ) {
    const removed = (await remove()) ?? 0;
    sum += removed;
    if (removed < ROWS_AT_ONCE) return sum;
  }
}
