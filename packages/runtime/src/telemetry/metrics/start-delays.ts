import type { Arrival, Run } from "../../model/index.ts";

/** More runs than ever wait at once. Of those beyond, it is counted from when they were queued. */
const MOST = 10_000;

/** How long runs waited for their beginning. Seconds; 0 when a clock was put back. */
export function createStartDelays(): { due(runId: string, arrival: Arrival): void; of(run: Run): number; forget(runId: string): void } {
  const dueAt = new Map<string, number>();
  return {
    due(runId, arrival) {
      if (dueAt.size < MOST) dueAt.set(runId, Math.max(arrival.dueAt, arrival.arrivedAt));
    },
    of({ id, createdAt, startedAt }) {
      const since = dueAt.get(id) ?? createdAt;
      dueAt.delete(id);
      return Math.max(0, startedAt - since) / 1_000;
    },
    forget: (runId) => void dueAt.delete(runId),
  };
}
