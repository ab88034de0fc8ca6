import { CANCEL_ASKED, type Environment } from "../../host/index.ts";
import type { Store } from "../../state/index.ts";

/** How often runs that go on are looked at for the wish of another process that they end. Ms. */
const WISH_MS = 1_000;

/** Cancels runs of which another process wished that they end, until it is `done`. A store that cannot be read is the runs' own trouble. */
export async function watchForEnds({ store, clock, cancels }: Pick<Environment, "clock"> & { readonly store: Store; readonly cancels: ReadonlyMap<string, AbortController> }, done: AbortSignal): Promise<void> {
  while (!done.aborted) {
    await clock.sleep(WISH_MS, done);
    if (done.aborted) return;
    const going = [...cancels].filter(([, { signal }]) => !signal.aborted);
    const runs = await store.transact({ durable: false, reads: true }, async (tx) => {
      const found = [];
      for (const [id] of going) found.push(await tx.getRun(id));
      return found;
    }).catch(() => []);
    for (const run of runs) if (run?.error?.code === CANCEL_ASKED.code) cancels.get(run.id)?.abort();
  }
}
