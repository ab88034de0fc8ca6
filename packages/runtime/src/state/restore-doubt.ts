import { OffstageError } from "../base/index.ts";
import type { Store, StoreTx } from "./store.ts";

/** A store that was put back, or began anew where there was another: what it does not know may have happened all the same. */
export interface RestoreDoubt {
  /** Which of its restores it is about. */
  readonly epoch: number;
  /** When that was noticed; milliseconds since 1970, null when it is not known. */
  readonly restoredAt: number | null;
}

/** A person's word that nothing is missing in the store. `at` in milliseconds since 1970. */
export interface DoubtEnd {
  readonly epoch: number;
  readonly by: string;
  readonly at: number;
}

/** The doubt that holds now; null when the store was never restored, or a person ended the doubt since. */
export async function restoreDoubt(tx: StoreTx): Promise<RestoreDoubt | null> {
  const epoch = Number(await tx.getMeta("epoch"));
  if (epoch <= 1) return null;
  const ended = (await tx.getMeta("doubt-ended")) as DoubtEnd | null;
  if (ended !== null && ended.epoch >= epoch) return null;
  const restoredAt = await tx.getMeta("restored-at");
  return { epoch, restoredAt: typeof restoredAt === "number" ? restoredAt : null };
}

/**
 * Stores a person's word that every write which the store does not know did not happen. It ends the doubt of the restores until
 * now; the next one begins another. Throws `USAGE` when there is no doubt.
 */
export function endRestoreDoubt(store: Store, said: { readonly by: string; readonly now: number }): Promise<RestoreDoubt> {
  return store.transact({ durable: true }, async (tx) => {
    const doubt = await restoreDoubt(tx);
    if (doubt === null) throw new OffstageError("USAGE", "Nothing is in doubt: this store was not restored, or somebody has said already that nothing is missing.", { hint: "A single write of which it is not known whether it happened is told with: offstage resolve EFFECT --happened or --did-not-happen." });
    const end: DoubtEnd = { epoch: doubt.epoch, by: said.by, at: said.now };
    await tx.putMeta("doubt-ended", { ...end });
    return doubt;
  });
}
