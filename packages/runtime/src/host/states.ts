import { type Data, decodeValue, encodeValue, OffstageError } from "../base/index.ts";
import type { StagedState, States } from "../engine/index.ts";
import type { Store, StoreTx } from "../state/index.ts";

/** The committed values of workflows' states, as the engine reads them. */
export function createStates(store: Store): States {
  return {
    async get(scope, name, key) {
      const row = await store.transact({ durable: false, reads: true }, (tx) => tx.getState(scope, name, key));
      return row === null ? { value: undefined, version: 0 } : { value: decodeValue(row.value) as Data, version: row.version };
    },
  };
}

/** Commits what a run staged, `scope` being its own, inside the transaction that ends it. `STATE_CONFLICT` when another run was faster: nothing is committed then. */
export async function commitStates(tx: StoreTx, scope: string, staged: readonly StagedState[]): Promise<void> {
  for (const { scope: called, name, key, value, version } of staged) {
    if (await tx.putState(called ?? scope, name, key, encodeValue(value), version)) continue;
    throw new OffstageError("STATE_CONFLICT", `Another run changed the state ${name}${key === "" ? "" : `.of(${key})`} after this run had read it.`, {
      hint: "Start the run again: it reads the new value. Writes that are done stay done.",
    });
  }
}
