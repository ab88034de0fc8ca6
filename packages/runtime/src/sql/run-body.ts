import { OffstageError } from "../base/index.ts";
import type { StoreTx, TransactOptions } from "../state/index.ts";
import { noteNames } from "./blob-names.ts";
import { assertFence } from "./lease-rows.ts";
import type { SqlConnection } from "./prepared-query.ts";
import { createStoreTx } from "./store-tx.ts";

/** What a transaction's body came to, before it is committed. */
export interface RanBody<T> {
  readonly result: T;
  /** The fencing token that was handed out in it, with the store's epoch; null: none was. */
  readonly handedOut: { readonly fence: number; readonly epoch: number } | null;
}

/**
 * Runs a transaction's body on a connection where the transaction has begun. Whoever calls commits when this resolves, and rolls back
 * when it rejects: with LEASE_LOST, with what the body threw, or with the error of a statement that failed, should the body have caught it.
 */
export async function runBody<T>(connection: SqlConnection, { fence, now }: Pick<TransactOptions, "fence"> & { readonly now: number }, body: (tx: StoreTx) => Promise<T>): Promise<RanBody<T>> {
  const guarded = guardTransaction(connection);
  try {
    if (fence !== undefined) await assertFence(guarded.connection, fence);
    const tx = createStoreTx(noteNames(guarded.connection, now));
    let handedOut: RanBody<T>["handedOut"] = null;
    const { nextFence } = tx;
    tx.nextFence = async () => {
      const next = await nextFence();
      handedOut = { fence: next, epoch: Number(await tx.getMeta("epoch")) };
      return next;
    };
    const result = await body(tx);
    guarded.end();
    return { result, handedOut };
  } catch (error) {
    guarded.end(false);
    throw error;
  }
}

/**
 * The connection as one transaction sees it: dead when the transaction has ended, so that a forgotten `await` cannot write into
 * the next one; and a transaction in which a statement failed cannot commit what is left, should its body have caught the error.
 */
function guardTransaction(connection: SqlConnection): { readonly connection: SqlConnection; end(asserted?: boolean): void } {
  let ended = false;
  let failure: { readonly error: unknown } | null = null;
  const guard = async <T>(run: () => Promise<T>): Promise<T> => {
    if (ended) throw new OffstageError("BUG", "A transaction was used after it had ended: an await is missing.");
    try {
      return await run();
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  };
  return {
    connection: { all: (query) => guard(() => connection.all(query)), run: (query) => guard(() => connection.run(query)) },
    end(asserted = true) {
      ended = true;
      if (asserted && failure !== null) throw failure.error;
    },
  };
}
