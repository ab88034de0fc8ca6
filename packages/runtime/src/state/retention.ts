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

/** How many blobs, and how many bytes they have together. */
export interface BlobSum {
  readonly blobs: number;
  readonly bytes: number;
}

/** How far a look through the texts of the store has come; what is in it is the store's matter. */
export interface TextPlace {
  readonly table: number;
  readonly key: readonly (string | number)[];
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
  /** Looks at `limit` blobs behind a hash for those that are old: kept, met again and named in something that was written before `before` only. Their bytes, by hash. `last`: where to go on; null: no other follows. */
  oldBlobs(before: number, after: string, limit: number): Promise<{ readonly bytes: ReadonlyMap<string, number>; readonly last: string | null }>;
  /** The hashes of blobs that are named in `limit` rows behind a place, null for the first. What is not written anew meanwhile keeps its place, so that it is found however many transactions the look takes. */
  namedBlobs(after: TextPlace | null, limit: number): Promise<{ readonly hashes: readonly string[]; readonly last: TextPlace | null }>;
  /** Removes those of these blobs that are old still. Whatever is written with the name of one in it makes it young, in the same transaction. */
  removeBlobs(before: number, hashes: readonly string[]): Promise<BlobSum>;
}
