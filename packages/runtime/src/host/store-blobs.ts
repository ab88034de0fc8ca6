import type { Clock } from "../base/index.ts";
import type { Blobs } from "../calls/index.ts";
import type { Store } from "../state/index.ts";

/**
 * Keeps the binary parts of results in the store. Without waiting for the disk: the row of the journal or ledger that names them
 * is committed after them, and never survives them. What nothing names goes when it was kept long ago, and not before: who keeps it
 * anew has that long to name it.
 */
export function createStoreBlobs(store: Store, clock: Clock): Blobs {
  return {
    keep: (hash, bytes) => store.transact({ durable: false }, (tx) => tx.putBlob(hash, bytes, clock.now())),
    load: (hash) => store.transact({ durable: false, reads: true }, (tx) => tx.getBlob(hash)),
  };
}
