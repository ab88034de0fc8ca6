import type { Clock } from "../base/index.ts";

/** A clock that stands still until its test moves it. */
export interface RehearsalClock extends Clock {
  /** Moves on by `ms` and wakes whoever slept less. */
  advance(ms: number): void;
}

/** Nobody waits in real time: what sleeps wakes when the clock is moved, or when its signal ends it. */
export function createRehearsalClock(start: number): RehearsalClock {
  let now = start;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (ms <= 0 || signal?.aborted === true) return resolve();
        const sleeper = { at: now + ms, wake: () => (sleepers.delete(sleeper), signal?.removeEventListener("abort", sleeper.wake), resolve()) };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", sleeper.wake, { once: true });
      }),
    advance(ms) {
      now += ms;
      for (const sleeper of [...sleepers].toSorted((a, b) => a.at - b.at)) if (sleeper.at <= now) sleeper.wake();
    },
  };
}
