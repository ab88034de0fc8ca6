import { OffstageError } from "offstage/base";

/** Begins work, or lets it wait until less is under way: first come, first served. Rejects when `signal` is aborted while it waits. Errors: `LIMIT_CALLS`. */
export type AtOnce = <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/** Lets so many works go on at once, and so many wait. */
export function createAtOnce(most: number, mostWaiting: number): AtOnce {
  let free = most;
  const waiting = new Set<() => void>();
  const turn = async (signal: AbortSignal): Promise<void> => {
    if (waiting.size >= mostWaiting) throw new OffstageError("LIMIT_CALLS", `${most} calls are under way and ${mostWaiting} wait already.`, { hint: "Try again when some of them are answered." });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const leave = (): void => {
      waiting.delete(resolve);
      reject(signal.reason);
    };
    waiting.add(resolve);
    signal.addEventListener("abort", leave, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  };
  return async (work, signal) => {
    signal.throwIfAborted();
    if (free > 0) free -= 1;
    else await turn(signal);
    try {
      return await work();
    } finally {
      // Its place goes to who waits longest, not to who comes just now.
      const [next] = waiting;
      if (next === undefined) free += 1;
      else {
        waiting.delete(next);
        next();
      }
    }
  };
}
