import type { Calls } from "offstage/calls";
import type { Store } from "offstage/state";

/** What makes a process of a test die at a chosen point, as a SIGKILL would: whatever it awaits then never ends. */
export interface Mortal {
  store(store: Store): Store;
  call(calls: Calls): Calls;
  readonly died: Promise<"died">;
}

/**
 * Counts the points before and after every call and every transaction; at the `dieAt`-th (from 1; null: never) the process
 * stops for ever. A transaction or call that has begun is finished by then, or never began: there is no half of one.
 */
export function mortal(dieAt: number | null, onDeath: () => void): Mortal {
  let points = 0;
  let dead = false;
  let tell: (died: "died") => void = () => {};
  const died = new Promise<"died">((resolve) => (tell = resolve));
  const point = async (): Promise<void> => {
    points += 1;
    if (points === dieAt) {
      dead = true;
      onDeath();
      tell("died");
    }
    if (dead) await new Promise<never>(() => {});
  };
  const around = async <T>(act: () => Promise<T>): Promise<T> => {
    await point();
    const result = await act();
    await point();
    return result;
  };
  return {
    died,
    store: (store) => ({ id: store.id, close: () => store.close(), transact: (options, body) => around(() => store.transact(options, body)) }),
    call: (calls) => ({ call: (...args) => around(() => calls.call(...args)), read: (request) => around(() => calls.read(request)), readOffer: (request) => around(() => calls.readOffer(request)) }),
  };
}
