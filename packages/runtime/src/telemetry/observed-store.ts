import { performance } from "node:perf_hooks";
import { isOffstageError } from "../base/index.ts";
import type { Store, TransactOptions } from "../state/index.ts";
import type { Observe, TransactionEnded } from "./observed.ts";

/** A store that tells how long its transactions took. `now` in ms, of a clock that only goes forward. */
export function observedStore(store: Store, observe: Observe, now: () => number = () => performance.now()): Store {
  return {
    ...store,
    async transact(options, body) {
      const begunAt = now();
      const told = (error: string | null): void => observe({ kind: "transaction-ended", mode: modeOf(options), seconds: (now() - begunAt) / 1_000, error });
      try {
        const result = await store.transact(options, body);
        told(null);
        return result;
      } catch (error) {
        told(isOffstageError(error) && error.code.startsWith("STORE_") ? error.code : null);
        throw error;
      }
    },
  };
}

function modeOf({ durable, reads }: TransactOptions): TransactionEnded["mode"] {
  if (reads === true) return "read";
  return durable ? "durable" : "write";
}
