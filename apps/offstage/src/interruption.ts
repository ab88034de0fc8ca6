/**
 * Two signals this close (ms) are one: a terminal sends Ctrl-C to its whole process group, and a wrapper around this process
 * (npx, the hand-over to the clone's own Node) passes its own on.
 */
const ONE_PRESS_MS = 1_000;

/** What a first and a second Ctrl-C do. */
export interface Interruption {
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
  readonly first: () => void;
  /** Whoever presses Ctrl-C twice does not want to wait for the tidying up. */
  readonly second: () => void;
}

/** The handler of SIGINT and SIGTERM. */
export function createInterruption({ now, first, second }: Interruption): () => void {
  let firstAt: number | null = null;
  return () => {
    if (firstAt === null) {
      firstAt = now();
      first();
    } else if (now() - firstAt >= ONE_PRESS_MS) {
      second();
    }
  };
}
