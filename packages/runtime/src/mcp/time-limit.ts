import type { Clock } from "../base/index.ts";

/** Why something was cut short. */
export type LimitCause = "timeout" | "cancelled";

/** A time limit and a caller's signal as one signal that tells which of the two it was. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  cause(): LimitCause | null;
  /** Must be called when the work is over: stops the timer and forgets the caller's signal. */
  release(): void;
}

/** Starts a limit of `timeoutMs` from now, on our clock, so that tests decide what time it is. */
export function startTimeLimit(clock: Clock, timeoutMs: number, callerSignal: AbortSignal | undefined): TimeLimit {
  const stopped = new AbortController();
  const released = new AbortController();
  let cause: LimitCause | null = null;
  const stop = (why: LimitCause): void => {
    if (cause !== null || released.signal.aborted) return;
    cause = why;
    stopped.abort(why);
  };
  const onAbort = (): void => stop("cancelled");
  if (callerSignal?.aborted) stop("cancelled");
  else callerSignal?.addEventListener("abort", onAbort, { once: true });
  void clock.sleep(timeoutMs, released.signal).then(() => stop("timeout"));
  return {
    signal: stopped.signal,
    cause: () => cause,
    release() {
      // With a reason of its own: the default one is an error with a stack, which costs as much as the rest of us.
      released.abort("released");
      callerSignal?.removeEventListener("abort", onAbort);
    },
  };
}

/** Settles as `work` does, or rejects with `reason()` when the signal comes first; `work` goes on unheard. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal, reason: () => unknown): Promise<T> {
  if (signal.aborted) {
    work.catch(() => undefined);
    return Promise.reject(reason());
  }
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(reason());
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
