import type { Clock } from "../base/index.ts";

/** What a profile allows: calls that begin in one second, calls under way at once. Absent is without limit. */
export interface RateLimit {
  readonly perSecond?: number;
  readonly concurrent?: number;
}

/** Until when a call may wait for its turn. */
export interface TurnOptions {
  /** Instant (ms). */
  readonly deadlineAt?: number;
  readonly signal?: AbortSignal;
}

/** A turn: to be released when the call is over. Or why there was none. */
export type Turn = { readonly kind: "granted"; readonly release: () => void } | { readonly kind: "deadline" } | { readonly kind: "aborted" };

/** Gives calls their turn, first come first served within a key. */
export interface RateLimiter {
  /**
   * `key` is what shares the limit: a server with one credential. Calls of the same key under other limits are counted
   * apart.
   */
  turn(key: string, limit: RateLimit, options?: TurnOptions): Promise<Turn>;
}

const FREE: Turn = { kind: "granted", release: () => undefined };

/** A limiter for this process; all waiting is on `clock`. */
export function createRateLimiter(clock: Clock): RateLimiter {
  const lanes = new Map<string, Lane>();
  return {
    turn(key, limit, options = {}) {
      if (limit.perSecond === undefined && limit.concurrent === undefined) return Promise.resolve(FREE);
      const id = JSON.stringify([key, limit.perSecond, limit.concurrent]);
      let lane = lanes.get(id);
      if (lane === undefined) lanes.set(id, (lane = createLane(clock, limit)));
      return lane.turn(options);
    },
  };
}

interface Lane {
  turn(options: TurnOptions): Promise<Turn>;
}

interface Waiter {
  readonly grant: (turn: Turn) => void;
}

/** One queue under one limit. */
function createLane(clock: Clock, limit: RateLimit): Lane {
  const concurrent = Math.max(1, Math.floor(limit.concurrent ?? Number.POSITIVE_INFINITY));
  const window = createWindow(limit.perSecond);
  const queue = new Set<Waiter>();
  let running = 0;
  let isWaking = false;

  const release = (): void => {
    running--;
    pump();
  };
  const grant = (waiter: Waiter): void => {
    running++;
    window.take(clock.now());
    let isReleased = false;
    waiter.grant({
      kind: "granted",
      release: () => {
        if (!isReleased) release();
        isReleased = true;
      },
    });
  };
  const pump = (): void => {
    for (const waiter of queue) {
      if (running >= concurrent) return;
      const waitMs = window.freeAt() - clock.now();
      if (waitMs > 0) return wakeIn(waitMs);
      queue.delete(waiter);
      grant(waiter);
    }
  };
  const wakeIn = (ms: number): void => {
    if (isWaking) return;
    isWaking = true;
    void clock.sleep(ms).then(() => {
      isWaking = false;
      pump();
    });
  };
  const wait = async (waiter: Waiter, options: TurnOptions, over: AbortController): Promise<void> => {
    if (options.deadlineAt === undefined) return;
    await clock.sleep(options.deadlineAt - clock.now(), over.signal);
    if (queue.delete(waiter)) waiter.grant({ kind: "deadline" });
  };

  return {
    turn(options) {
      if (options.signal?.aborted) return Promise.resolve({ kind: "aborted" });
      return new Promise((resolve) => {
        const over = new AbortController();
        const onAbort = (): void => {
          if (queue.delete(waiter)) waiter.grant({ kind: "aborted" });
        };
        const waiter: Waiter = {
          grant(turn) {
            over.abort();
            options.signal?.removeEventListener("abort", onAbort);
            resolve(turn);
          },
        };
        queue.add(waiter);
        pump();
        if (!queue.has(waiter)) return;
        options.signal?.addEventListener("abort", onAbort, { once: true });
        void wait(waiter, options, over);
      });
    },
  };
}

interface StartWindow {
  /** Instant (ms) from which the next call may begin. */
  freeAt(): number;
  take(now: number): void;
}

/**
 * At most `count` starts in any stretch of `spanMs`. Stricter than a token bucket, which after a pause allows twice the
 * rate within a second; servers count in such stretches.
 */
function createWindow(perSecond: number | undefined): StartWindow {
  if (perSecond === undefined) return { freeAt: () => Number.NEGATIVE_INFINITY, take: () => undefined };
  const count = Math.max(1, Math.floor(perSecond));
  const spanMs = (count / perSecond) * 1_000;
  const starts: number[] = [];
  return {
    freeAt: () => (starts.length < count ? Number.NEGATIVE_INFINITY : (starts[0] ?? 0) + spanMs),
    take(now) {
      if (starts.length === count) starts.shift();
      starts.push(now);
    },
  };
}
