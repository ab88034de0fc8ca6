import type { Clock } from "../base/index.ts";
import type { SleepRequest, WaitAnswer, Waits } from "../engine/index.ts";
import type { Run, RunWait, StepKey, Wait } from "../model/index.ts";
import type { Store, StoreTx } from "../state/index.ts";
import type { StoreJournal } from "./journal.ts";

/** What {@link createWaits} needs. */
export interface WaitsOptions {
  readonly store: Store;
  readonly run: Run;
  readonly clock: Clock;
  /** The lease's token; null while planning, in which nothing waits. */
  readonly fence: number | null;
  readonly journal: Pick<StoreJournal, "flush">;
  readonly newId: () => string;
}

/** What the steps of a run wait for, over a store. A row is durable before the run is parked, with all that led to it. */
export function createWaits(options: WaitsOptions): Waits {
  const { store, run, clock, fence, journal } = options;
  const look = <W extends Wait>(step: StepKey, hash: string, make: (now: number) => W): Promise<W> =>
    store.transact({ durable: true, ...(fence === null ? {} : { fence }) }, async (tx) => {
      const now = clock.now();
      const known = (await tx.getWait(run.id, step)) as W | null;
      const current = known !== null && known.hash === hash ? known : make(now);
      const looked = current.status === "open" && isPast(current, now) ? { ...current, status: "over" as const } : current;
      if (looked === known || (known === null && looked.status === "over")) return looked;
      await journal.flush(tx);
      await tx.putWait(looked);
      return looked;
    });
  const begin = ({ step, hash, label }: Pick<SleepRequest, "step" | "hash" | "label">, now: number, until: number | null): Omit<Wait, "kind"> => ({
    id: options.newId(), runId: run.id, rootRunId: run.rootRunId, workflow: run.workflow, step, hash, label, since: now, until, status: "open",
  });
  return {
    async sleep(request) {
      const { end } = request;
      const wait = await look(request.step, request.hash, (now) => ({ ...begin(request, now, "at" in end ? end.at : now + end.afterMs), kind: "sleep" as const }));
      return wait.status === "over" ? { kind: "over", value: null } : open(wait);
    },
  };
}

/** Whether a wait is over by itself. */
export function isPast({ until }: Pick<Wait, "until">, now: number): boolean {
  return until !== null && now >= until;
}

function open({ id, kind, step, label, since, until }: Wait): Extract<WaitAnswer<never>, { readonly kind: "open" }> {
  return { kind: "open", wait: { id, kind, step, label, since, until } };
}

/**
 * Forgets what a run does not wait for any more: what it went on from is in its journal. `waits` is what it is parked at; none
 * when it has ended.
 */
export async function forgetWaits(tx: StoreTx, runId: string, waits: readonly RunWait[]): Promise<void> {
  const kept = new Set(waits.map(({ step }) => step));
  for (const wait of await tx.listWaits({ runId, limit: Number.MAX_SAFE_INTEGER })) if (!kept.has(wait.step)) await tx.removeWait(runId, wait.step);
}
