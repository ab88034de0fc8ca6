import { createTurnTaking } from "../../sql/index.ts";
import type { StoreTx, TransactOptions } from "../../state/index.ts";

/** A transaction that was asked for. */
export interface Asked {
  readonly how: TransactOptions;
  readonly body: (tx: StoreTx) => Promise<unknown>;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Transactions in the order in which they came, as many at once as came together. */
export interface GroupTurns {
  transact<T>(how: TransactOptions, body: (tx: StoreTx) => Promise<T>): Promise<T>;
  /** Something else, when it is its turn. */
  inTurn(task: () => Promise<void>): Promise<void>;
}

/** So many share one transaction at most: other processes wait for its end. */
const LARGEST_GROUP = 128;

/**
 * Has what is asked for in one turn of the event loop settled as one group, in its order: a burst of events pays for one COMMIT. `settle` answers each of its group, and never rejects;
 * `gather` resolves when whoever is about to ask has done so.
 */
export function createGroupTurns(settle: (group: readonly Asked[], othersWait: () => boolean) => Promise<void>, gather: () => Promise<void>): GroupTurns {
  const inTurn = createTurnTaking();
  let waiting: Asked[] = [];
  const settleAll = async (): Promise<void> => {
    await gather();
    const all = waiting;
    waiting = [];
    for (let at = 0; at < all.length; at += LARGEST_GROUP) await settle(all.slice(at, at + LARGEST_GROUP), () => waiting.length > 0 || at + LARGEST_GROUP < all.length);
  };
  return {
    inTurn,
    transact: <T>(how: TransactOptions, body: (tx: StoreTx) => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        waiting.push({ how, body, resolve: resolve as (result: unknown) => void, reject });
        if (waiting.length === 1) void inTurn(settleAll);
      }),
  };
}
