import { type Clock, isOffstageError, toErrorData } from "../base/index.ts";
import type { Store } from "../state/index.ts";
import { pruneStore, type Retention } from "./prune.ts";
import type { ServeNews } from "./serve.ts";

/** What {@link keepPruning} needs. */
export interface KeepPruningOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly retention: Retention;
  /** Whether this process drives the store: one of several is enough. */
  readonly leads: () => boolean;
  readonly news: (news: ServeNews) => void;
  readonly stopping: AbortSignal;
}

/** A process that just began has something else to do; after that an hour's worth is little. Ms. */
const [FIRST_MS, EVERY_MS] = [60_000, 3_600_000];
/** How often all that the store holds is looked through for what names its blobs. Ms. */
const BLOBS_EVERY_MS = 86_400_000;
/** Of the time it takes, most is left to the others. Ms. */
const PAUSE_MS = 20;

/** Removes what is over for long while a project is served, until it is told to stop. What keeps it from doing so is told, and is tried again. */
export async function keepPruning({ leads, news, ...options }: KeepPruningOptions): Promise<void> {
  const { clock, stopping } = options;
  let blobsAt = 0;
  for (let wait = FIRST_MS; ; wait = EVERY_MS) {
    await clock.sleep(wait, stopping);
    if (stopping.aborted) return;
    if (!leads()) continue;
    try {
      const blobs = clock.now() >= blobsAt;
      const pruned = await pruneStore({ ...options, blobs, pauseMs: PAUSE_MS });
      if (blobs) blobsAt = clock.now() + BLOBS_EVERY_MS;
      if (Object.values(pruned).some((count) => count > 0)) news({ kind: "pruned", pruned });
    } catch (error) {
      if (!isOffstageError(error)) throw error;
      news({ kind: "failed", error: toErrorData(error) });
    }
  }
}
