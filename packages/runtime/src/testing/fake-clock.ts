import type { Clock } from "../base/index.ts";

/** A clock that stands still until it is told to move. */
export interface FakeClock extends Clock {
  /** Moves on by `ms`, waking each sleeper at its own instant, in order, and letting what it starts run before the next. */
  advance(ms: number): Promise<void>;
  /** How many sleep now. */
  readonly sleepers: number;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A {@link FakeClock} that begins at `start` (milliseconds since the epoch; 2026-11-02T09:00:00Z when not given). */
export function createFakeClock(start = Date.UTC(2026, 10, 2, 9)): FakeClock {
  let now = start;
  let sleepers: readonly Sleeper[] = [];
  const remove = (sleeper: Sleeper): void => {
    sleepers = sleepers.filter((other) => other !== sleeper);
  };
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (ms <= 0 || signal?.aborted === true) return resolve();
        const sleeper: Sleeper = { at: now + ms, wake: () => { remove(sleeper); signal?.removeEventListener("abort", sleeper.wake); resolve(); } };
        sleepers = [...sleepers, sleeper];
        signal?.addEventListener("abort", sleeper.wake, { once: true });
      }),
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (let next = earliest(sleepers, end); next !== null; next = earliest(sleepers, end)) {
        now = next.at;
        next.wake();
        await settle();
      }
      now = end;
    },
    get sleepers() {
      return sleepers.length;
    },
  };
}

function earliest(sleepers: readonly Sleeper[], end: number): Sleeper | null {
  return sleepers.reduce<Sleeper | null>((first, sleeper) => (sleeper.at <= end && (first === null || sleeper.at < first.at) ? sleeper : first), null);
}

/** Lets everything that is ready run: all microtasks, and one turn of the event loop. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
