import { createBell, type ErrorData, isOffstageError, toErrorData } from "../base/index.ts";
import type { Arrival, Run } from "../model/index.ts";
import type { Store } from "../state/index.ts";
import { type Admitted, admitArrivals } from "./arrivals.ts";
import type { Environment } from "./environment.ts";
import type { Pruned } from "./prune.ts";
import type { RunHost } from "./run-host.ts";
import type { ServedWorkflow } from "./served-workflow.ts";

/** Something that brings events where this process leads: schedules, resources. What is sent to a process, webhooks, comes by itself. */
export interface TriggerSource {
  /** Keeps what came since it was looked at last. `next`: when it has to be looked at again by itself, infinity for never. */
  look(): Promise<{ readonly next: number; readonly came: readonly Arrival[] }>;
  /** Stops what it does between two looks: another process leads. */
  rest?(): void;
}

/** What goes on while workflows are served. */
export type ServeNews =
  | { readonly kind: "listening"; readonly workflow: string; readonly triggers: readonly string[] }
  | { readonly kind: "arrived" | "dropped"; readonly arrival: Arrival }
  | { readonly kind: "started"; readonly run: Run; readonly arrival: Arrival }
  | { readonly kind: "led" | "followed" }
  | { readonly kind: "pruned"; readonly pruned: Pruned }
  | { readonly kind: "failed"; readonly error: ErrorData };

/** What {@link serveWorkflows} needs. */
export interface ServeOptions {
  readonly store: Store;
  readonly host: RunHost;
  readonly environment: Pick<Environment, "clock" | "random" | "bell">;
  readonly workflows: () => readonly ServedWorkflow[];
  readonly sources: readonly TriggerSource[];
  readonly news: (news: ServeNews) => void;
  /** Aborted to stop: nothing new begins. */
  readonly stopping: AbortSignal;
}

/** How often the store is looked at for what other processes left there: runs, answers, events. Ms. */
const LOOK_MS = 500;

/**
 * Listens to triggers, starts their runs and drives whatever waits in the store, until it is told to stop. Of several processes on one store one leads; the
 * others take over when it is gone. Rejects when the store cannot be used any more (`STORE_…`): whoever started the process starts it anew.
 */
export async function serveWorkflows(options: ServeOptions): Promise<void> {
  const { store, host, environment: { clock, bell = createBell() }, news, stopping } = options;
  for (const { program, triggers } of options.workflows()) news({ kind: "listening", workflow: program.name, triggers: triggers.map(({ name }) => name) });
  let leads: boolean | null = null;
  let broken: unknown = null;
  stopping.addEventListener("abort", () => bell.ring(), { once: true });
  const fail = (error: unknown): void => {
    broken ??= error;
    bell.ring();
  };
  while (!stopping.aborted) {
    bell.hush();
    const led = await host.lead();
    if (led !== leads) news({ kind: led ? "led" : "followed" });
    leads = led;
    let next = Number.POSITIVE_INFINITY;
    if (!led) for (const source of options.sources) source.rest?.();
    if (led) {
      next = await takeWhatCame(options, fail);
      void host.work().catch(fail);
      next = Math.min(next, await nextWakeAfter(store, clock.now()));
    }
    if (broken !== null) throw broken;
    await clock.sleep(Math.max(1, Math.min(LOOK_MS, next - clock.now())), bell.heard());
  }
}

/** What is due already waits for its turn, and is no reason to look again at once. */
async function nextWakeAfter(store: Store, now: number): Promise<number> {
  const wake = await store.transact({ durable: false, reads: true }, (tx) => tx.nextWake());
  return wake === null || wake <= now ? Number.POSITIVE_INFINITY : wake;
}

/** One look at everything that brings events. Gives back when the next one is due by itself. */
async function takeWhatCame(options: ServeOptions, fail: (error: unknown) => void): Promise<number> {
  const { store, environment, workflows, sources, news } = options;
  let next = Number.POSITIVE_INFINITY;
  for (const source of sources) {
    const looked = await source.look();
    next = Math.min(next, looked.next);
    for (const arrival of looked.came) news({ kind: arrival.status === "dropped" ? "dropped" : "arrived", arrival });
  }
  const admitted = await admitArrivals(store, environment, workflows());
  for (const one of admitted.started) news({ kind: "started", ...one });
  for (const arrival of admitted.dropped) news({ kind: "dropped", arrival });
  endReplaced(options, admitted, fail);
  return next;
}

/** The wish is kept, and the event that replaces a run waits for its end. Not waited for here: runs that go on meanwhile would hold up everything that comes. */
function endReplaced({ host, news }: ServeOptions, { replaced }: Admitted, fail: (error: unknown) => void): void {
  for (const id of replaced) {
    void host.askToEnd(id).catch((error: unknown) => {
      if (isOffstageError(error)) news({ kind: "failed", error: toErrorData(error) });
      else fail(error);
    });
  }
}
