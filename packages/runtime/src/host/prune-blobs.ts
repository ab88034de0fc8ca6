import type { BlobSum, Store, TextPlace } from "../state/index.ts";

/** One transaction after the other, with a pause before each; null once it is to stop. */
export type Batch = <T>(work: (store: Store) => Promise<T>) => Promise<T | null>;

/** Blobs are large, and so are some rows. */
const [LOOKED_AT_ONCE, TEXTS_AT_ONCE, REMOVED_AT_ONCE] = [500, 250, 25];

const READS = { durable: false, reads: true } as const;

/**
 * Removes what was kept, met again or named anew last before `before`, and is named nowhere. Others write meanwhile: what they name is young from then on, and is asked for again by the
 * transaction that removes; what they do not touch is found where it is.
 */
export async function removeBlobs(batch: Batch, before: number): Promise<BlobSum> {
  const hashes = [...((await unnamedBlobs(batch, before)) ?? new Map<string, number>()).keys()];
  let sum: BlobSum = { blobs: 0, bytes: 0 };
  for (let at = 0; at < hashes.length; at += REMOVED_AT_ONCE) {
    const removed = await batch((store) => store.transact({ durable: false }, (tx) => tx.removeBlobs(before, hashes.slice(at, at + REMOVED_AT_ONCE))));
    if (removed === null) break;
    sum = { blobs: sum.blobs + removed.blobs, bytes: sum.bytes + removed.bytes };
  }
  return sum;
}

/** Old blobs that nothing names, with their bytes; null when it was stopped before it had seen every text. */
export async function unnamedBlobs(batch: Batch, before: number): Promise<ReadonlyMap<string, number> | null> {
  const unnamed = new Map<string, number>();
  for (let after: string | null = ""; after !== null; ) {
    const from: string = after;
    const old: { readonly bytes: ReadonlyMap<string, number>; readonly last: string | null } | null = await batch((store) => store.transact(READS, (tx) => tx.oldBlobs(before, from, LOOKED_AT_ONCE)));
    if (old === null) return null;
    for (const [hash, bytes] of old.bytes) unnamed.set(hash, bytes);
    after = old.last;
  }
  for (let place: TextPlace | null = null; unnamed.size > 0; ) {
    const from: TextPlace | null = place;
    const named: { readonly hashes: readonly string[]; readonly last: TextPlace | null } | null = await batch((store) => store.transact(READS, (tx) => tx.namedBlobs(from, TEXTS_AT_ONCE)));
    if (named === null) return null;
    for (const hash of named.hashes) unnamed.delete(hash);
    if (named.last === null) break;
    place = named.last;
  }
  return unnamed;
}
