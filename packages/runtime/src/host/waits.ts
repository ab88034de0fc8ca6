import type { Clock } from "../base/index.ts";
import type { SleepRequest, WaitAnswer, Waits } from "../engine/index.ts";
import { whyOthers } from "../effects/index.ts";
import type { ApprovalAnswer, Approvers, Run, RunWait, StepKey, Wait } from "../model/index.ts";
import type { Store, StoreTx } from "../state/index.ts";
import type { StoreJournal } from "./journal.ts";

type ApprovalWait = Extract<Wait, { readonly kind: "approval" }>;
type EventRow = Extract<Wait, { readonly kind: "event" }>;

/** What {@link createWaits} needs. */
export interface WaitsOptions {
  readonly store: Store;
  readonly run: Run;
  readonly clock: Clock;
  /** The lease's token; null while planning, in which nothing waits. */
  readonly fence: number | null;
  readonly journal: Pick<StoreJournal, "flush">;
  readonly newId: () => string;
  /** Who may answer now. */
  readonly approvers: () => Approvers;
}

/** What the steps of a run wait for, over a store. A row is durable before the run is parked, with all that led to it. */
export function createWaits(options: WaitsOptions): Waits {
  const { store, run, clock, fence, journal } = options;
  const inTurn = <T>(body: (tx: StoreTx, now: number) => Promise<T>): Promise<T> => store.transact({ durable: true, ...(fence === null ? {} : { fence }) }, (tx) => body(tx, clock.now()));
  /** The row of a step as it is now: made when the step is first reached, over when something came or its time has. */
  const look = async <W extends Wait>(tx: StoreTx, step: StepKey, hash: string, make: () => W, now: number): Promise<W> => {
    const known = await knownWait<W>(tx, run.id, step, hash);
    const current = known ?? make();
    const looked = current.status === "ready" || (current.status === "open" && isPast(current, now)) ? { ...current, status: "over" as const } : current;
    if (looked === known || (known === null && looked.status === "over")) return looked;
    await journal.flush(tx);
    await tx.putWait(looked);
    return looked;
  };
  const begin = ({ step, hash, label }: Pick<SleepRequest, "step" | "hash" | "label">, now: number, until: number | null): Omit<Wait, "kind"> => ({
    id: options.newId(), runId: run.id, rootRunId: run.rootRunId, workflow: run.workflow, step, hash, label, since: now, until, status: "open",
  });
  return {
    sleep: (request) =>
      inTurn(async (tx, now) => {
        const { end } = request;
        const wait = await look<Wait>(tx, request.step, request.hash, () => ({ ...begin(request, now, "at" in end ? end.at : now + end.afterMs), kind: request.kind }), now);
        return wait.status === "over" ? { kind: "over", value: null } : open(wait);
      }),
    approve: (request) =>
      inTurn(async (tx, now) => {
        const { topic, message, show, by, withinMs } = request;
        const kept = (await knownWait(tx, run.id, request.step, request.hash)) === null ? await keptAnswer(tx, topic, request.hash) : null;
        if (kept !== null && (await whyOthers(tx, { by, rootRunId: run.rootRunId }, kept.by, options.approvers())) === null) return { kind: "over", value: kept };
        const make = (): ApprovalWait => ({ ...begin(request, now, withinMs === null ? null : now + withinMs), kind: "approval", topic, message, show, by, answer: null });
        const wait = await look(tx, request.step, request.hash, make, now);
        return wait.status === "over" ? { kind: "over", value: wait.answer ?? { verdict: null, at: wait.until ?? now } } : open(wait);
      }),
    event: (request, seen) =>
      inTurn(async (tx, now) => {
        const { step, topic, source, withinMs } = request;
        const known = await knownWait<EventRow>(tx, run.id, step, request.hash);
        const wait: EventRow = known ?? { ...begin(request, now, withinMs === null ? null : now + withinMs), kind: "event", topic, source };
        const next = known === null || known.status === "over" ? null : await tx.nextEvent(run.id, step, seen);
        if (next !== null) return { kind: "over", value: next };
        // What came at the last moment was looked at first. From here on nothing is taken any more, whatever another process's clock says.
        const status = wait.status === "over" || isPast(wait, now) ? "over" : "open";
        if (known?.status !== status || seen > 0) {
          await journal.flush(tx);
          if (known === null) await tx.removeWait(run.id, step);
          else await tx.clearEvents(run.id, step, seen);
          await tx.putWait({ ...wait, status });
        }
        return status === "over" ? { kind: "over", value: null } : open(wait);
      }),
  };
}

async function knownWait<W extends Wait>(tx: StoreTx, runId: string, step: StepKey, hash: string): Promise<W | null> {
  const known = await tx.getWait(runId, step);
  return known?.hash === hash ? (known as W) : null;
}

/** What a person said at this place, when it was asked last and was asked the same. */
async function keptAnswer(tx: StoreTx, topic: string, hash: string): Promise<ApprovalAnswer | null> {
  const [last] = await tx.listWaits({ topic, status: ["ready", "over"], limit: 1 });
  return last?.kind === "approval" && last.hash === hash ? last.answer : null;
}

/** Whether a wait is over by itself. */
export function isPast({ until }: Pick<Wait, "until">, now: number): boolean {
  return until !== null && now >= until;
}

function open({ id, kind, step, label, since, until }: Wait): Extract<WaitAnswer<never>, { readonly kind: "open" }> {
  return { kind: "open", wait: { id, kind, step, label, since, until } };
}

/**
 * Forgets what a run does not wait for any more: what it went on from is in its journal. What people were asked is kept, so that
 * later runs need not ask it again. `waits` is what it is parked at; none
 * when it has ended.
 */
export async function forgetWaits(tx: StoreTx, runId: string, waits: readonly RunWait[]): Promise<void> {
  const kept = new Set(waits.map(({ step }) => step));
  if (waits.length === 0) await tx.forgetEvents(runId);
  for (const wait of await tx.waitsOf(runId)) {
    const isKept = kept.has(wait.step) || (wait.kind === "approval" && wait.status === "over");
    if (!isKept) await tx.removeWait(runId, wait.step);
  }
}
