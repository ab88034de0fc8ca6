import { type Clock, isOffstageError, toErrorData } from "../../base/index.ts";
import { afterDeath, FRESH, type RestartState, waitBeforeStart } from "../restart.ts";
import type { EventWants, ServerEvent } from "./server-event.ts";
import type { Subscription } from "./shared-subscriptions.ts";
import type { OpenWatch } from "./watches.ts";

/** How a listener comes to watches, again and again. */
export interface ListenOptions {
  readonly clock: Clock;
  /** The watches of a live connection, started when there is none. */
  readonly watches: () => Promise<OpenWatch>;
  readonly wants: EventWants;
  readonly hear: (event: ServerEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * Listens until `signal` is aborted, over lost streams, lost sessions and servers that end and are started anew; each time with back-off,
 * and a `gap` for what was not told meanwhile. No event is kept. Rejects with `LISTEN_UNSUPPORTED` and `SERVER_UNKNOWN`: no later try would
 * do better.
 */
export async function keepListening({ clock, watches, wants, hear, signal }: ListenOptions): Promise<void> {
  let state: RestartState = FRESH;
  let lost: { readonly from: number; readonly why: string } | null = null;
  let isFirst = true;
  while (!signal.aborted) {
    const wait = waitBeforeStart(state, clock.now());
    if (wait.kind === "wait" && wait.ms > 0) await clock.sleep(wait.ms, signal);
    const startedAt = clock.now();
    let watch: Subscription | null = null;
    let why: string;
    try {
      const open = await watches();
      if (signal.aborted) return;
      watch = await open(wants, hear, signal);
      if (isFirst) hear({ kind: "listening" });
      else if (lost !== null) hear({ kind: "gap", ...lost, to: clock.now() });
      isFirst = false;
      lost = null;
      why = await untilAborted(watch.over, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (isOffstageError(error) && (error.code === "LISTEN_UNSUPPORTED" || error.code === "SERVER_UNKNOWN")) throw error;
      why = toErrorData(error).message;
    } finally {
      void watch?.close();
    }
    lost ??= { from: watch === null ? startedAt : clock.now(), why };
    state = afterDeath(state, startedAt, clock.now(), false);
  }
}

function untilAborted(over: Promise<string>, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve("nobody listens any more");
    signal.addEventListener("abort", stop, { once: true });
    over.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
