import { OffstageError } from "../base/index.ts";
import type { Models, Reads } from "../engine/index.ts";

/**
 * Reads, and questions to models, that a cancelled run does not wait for: they reject with `CANCELLED` at once, and whatever the server still says is
 * dropped. Writes are never left like this; they settle.
 */
export function cancellableReads(reads: Reads & Models, cancelled: AbortSignal): Reads & Models {
  // One listener for all: a run may have many reads under way.
  const waiting = new Set<(error: OffstageError) => void>();
  const cancel = (): void => {
    for (const reject of waiting) reject(new OffstageError("CANCELLED", "The run was cancelled."));
  };
  cancelled.addEventListener("abort", cancel, { once: true });
  const unlessCancelled = <T>(ask: () => Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      waiting.add(reject);
      if (cancelled.aborted) return cancel();
      ask().then(resolve, reject).finally(() => waiting.delete(reject));
    });
  return { read: (call) => unlessCancelled(() => reads.read(call)), readOffer: (call) => unlessCancelled(() => reads.readOffer(call)), ask: (question) => unlessCancelled(() => reads.ask(question)) };
}
