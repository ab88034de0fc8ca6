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
      const id = `${limit.perSecond} ${limit.concurrent} ${key}`;
      let lane = lanes.get(id);
      if (lane === undefined) lanes.set(id, (lane = new Lane(clock, limit)));
      return lane.turn(options);
    },
  };
}

interface Waiter {
  readonly grant: (turn: Turn) => void;
}

/** One queue under one limit. */
class Lane {
  readonly #clock: Clock;
  readonly #concurrent: number;
  readonly #window: StartWindow;
  readonly #queue = new Set<Waiter>();
  #running = 0;
  #isWaking = false;

  constructor(clock: Clock, limit: RateLimit) {
    this.#clock = clock;
    this.#concurrent = Math.max(1, Math.floor(limit.concurrent ?? Number.POSITIVE_INFINITY));
    this.#window = createWindow(limit.perSecond);
  }

  turn(options: TurnOptions): Promise<Turn> {
    if (options.signal?.aborted) return Promise.resolve({ kind: "aborted" });
    // Most calls find the way free: they need no timer and no place in the queue.
    if (this.#queue.size === 0 && this.#running < this.#concurrent && this.#window.freeAt() <= this.#clock.now()) return Promise.resolve(this.#granted());
    return new Promise((resolve) => {
      const over = new AbortController();
      const onAbort = (): void => this.#leave(waiter, { kind: "aborted" });
      const waiter: Waiter = {
        grant(turn) {
          over.abort("granted");
          options.signal?.removeEventListener("abort", onAbort);
          resolve(turn);
        },
      };
      this.#queue.add(waiter);
      options.signal?.addEventListener("abort", onAbort, { once: true });
      void this.#endAtDeadline(waiter, options.deadlineAt, over.signal);
      this.#pump();
    });
  }

  #granted(): Turn {
    this.#running++;
    this.#window.take(this.#clock.now());
    let isReleased = false;
    return {
      kind: "granted",
      release: () => {
        if (isReleased) return;
        isReleased = true;
        this.#running--;
        this.#pump();
      },
    };
  }

  /** Grants turns from the front of the queue for as long as the limit lets it. */
  #pump(): void {
    for (const waiter of this.#queue) {
      if (this.#running >= this.#concurrent) return;
      const waitMs = this.#window.freeAt() - this.#clock.now();
      if (waitMs > 0) return this.#wakeIn(waitMs);
      this.#queue.delete(waiter);
      waiter.grant(this.#granted());
    }
  }

  #wakeIn(ms: number): void {
    if (this.#isWaking) return;
    this.#isWaking = true;
    void this.#clock.sleep(ms).then(() => {
      this.#isWaking = false;
      this.#pump();
    });
  }

  async #endAtDeadline(waiter: Waiter, deadlineAt: number | undefined, over: AbortSignal): Promise<void> {
    if (deadlineAt === undefined) return;
    await this.#clock.sleep(deadlineAt - this.#clock.now(), over);
    this.#leave(waiter, { kind: "deadline" });
  }

  #leave(waiter: Waiter, why: Turn): void {
    if (this.#queue.delete(waiter)) waiter.grant(why);
  }
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
