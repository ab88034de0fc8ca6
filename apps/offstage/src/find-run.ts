import { timeOfRunId } from "offstage/base";
import { removedUntil, runUnknown } from "offstage/host";
import type { Run } from "offstage/model";
import type { Store } from "offstage/state";
import { byPrefix } from "./by-prefix.ts";

const LOOKED = { code: "RUN_UNKNOWN", noun: "run", listing: "offstage runs" } as const;
/** The newest runs, among which the beginning of an id is looked for. */
const MAX_SEARCHED = 10_000;

/** The run of an id, or of its beginning. Errors: `RUN_UNKNOWN`; `USAGE` when several begin so, or it is too short to mean one. */
export function findRun(store: Store, id: string): Promise<Run> {
  return store.transact({ durable: false, reads: true }, async (tx) => {
    const found = await tx.getRun(id);
    if (found !== null) return found;
    if (timeOfRunId(id) !== null) throw runUnknown(id, await removedUntil(tx));
    return byPrefix(await tx.listRuns({ limit: MAX_SEARCHED }), id, LOOKED);
  });
}
