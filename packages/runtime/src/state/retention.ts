/** What is over for so long that it may go. Instants, ms since the epoch. */
export interface Cutoffs {
  readonly now: number;
  /** Runs that ended before it, with all that continue them. */
  readonly runs: number;
  /** Events that came before it. */
  readonly events: number;
}

/** The place of a chain of runs, a run and all that continue it, in the order in which chains began. */
export interface ChainPlace {
  readonly createdAt: number;
  readonly root: string;
}

/** A chain that began before a cutoff. */
export interface OldChain extends ChainPlace {
  readonly runs: number;
  /** False when one of its runs did not end before the cutoff, or something may still go on with it: an open request or a grant that holds, a write in doubt, a plan that may be applied. */
  readonly removable: boolean;
}

/** How many rows were removed. */
export interface RemovedRows {
  readonly runs: number;
  readonly arrivals: number;
}

/**
 * The part of a transaction that removes what is over. Identities that last stay for ever: bindings, and the ledger's rows of records, `once` and started runs; so do a person's no, and the last
 * answer at each place of a workflow that asks.
 */
export interface RetentionTx {
  /** Chains that began before `cutoffs.runs`, oldest first, behind `after`. */
  oldChains(cutoffs: Cutoffs, after: ChainPlace | null, limit: number): Promise<readonly OldChain[]>;
  /** Removes chains, by their roots, with all that belongs to them; journals and ledger rows follow with {@link removeLeavings}. Whether they may go was asked in the same transaction. */
  removeChains(cutoffs: Cutoffs, roots: readonly string[]): Promise<RemovedRows>;
  /** Removes some of what removed runs left: at most `limit` rows of each table. False: nothing is left. */
  removeLeavings(limit: number): Promise<boolean>;
  /** Looks at `limit` arrivals behind a place and removes those that are over and older than `cutoffs.events`, but not those whose run is still there. `last`: where to go on; null: no older one follows. */
  removeArrivals(cutoffs: Cutoffs, after: number, limit: number): Promise<{ readonly removed: number; readonly last: number | null }>;
  /** Removes settled rows of `once … for:` whose time was over before `before`, and before the first of the runs began that are there. */
  removeWindows(before: number, limit: number): Promise<number>;
  /** Removes programs that no run names. */
  removePrograms(limit: number): Promise<number>;
}
