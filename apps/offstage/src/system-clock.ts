import type { Clock } from "offstage/base";

/** Node's timers fire at once when asked for more. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The clock of this machine; everything below gets it as an argument. */
export function createSystemClock(): Clock {
  return {
    now: () => Date.now(),
    async sleep(ms, signal) {
      // By a clock that only goes forward: the other one may be set back by hours meanwhile.
      const until = performance.now() + ms;
      for (let left = ms; left > 0 && signal?.aborted !== true; left = until - performance.now()) await wait(Math.min(left, LONGEST_TIMER_MS), signal);
    },
  };
}

/** Node's own would make an error, with its stack, for each sleep that is ended. */
function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
}
