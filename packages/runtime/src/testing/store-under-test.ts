import { onTestFinished } from "vitest";
import { isOffstageError } from "../base/index.ts";
import type { Store, StoreTx } from "../state/index.ts";

/** What a store under test has to offer. A new adapter begins with `storeSuite(adapter)`. */
export interface StoreUnderTest {
  readonly name: string;
  /** A place nobody has used, taken away after the test; opening it several times gives several Stores over the same rows. */
  newPlace(): Promise<StorePlace>;
}

export interface StorePlace {
  open(): Promise<Store>;
  remove(): Promise<void>;
}

/** A new store that ends with the test, and a way to run one transaction in it. */
export async function openFor(adapter: StoreUnderTest): Promise<{ readonly store: Store; readonly place: StorePlace; readonly tx: <T>(body: (tx: StoreTx) => Promise<T>) => Promise<T> }> {
  const place = await adapter.newPlace();
  const store = await place.open();
  onTestFinished(async () => {
    await store.close();
    await place.remove();
  });
  return { store, place, tx: (body) => store.transact({ durable: true }, body) };
}

/** The code of the OffstageError that a promise rejects with; whatever else it does is given back as it is. */
export async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then((value) => ({ value }), (error: unknown) => (isOffstageError(error) ? error.code : error));
}
