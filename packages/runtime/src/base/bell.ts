/** Wakes who waits, in one process. What is rung while nobody waits is heard by who waits next, until it is hushed. */
export interface Bell {
  ring(): void;
  /** Aborted once it is rung. */
  heard(): AbortSignal;
  /** Forgets that it was rung: whoever hushes looks at everything after that. */
  hush(): void;
}

/** Nobody asks why. Without one, each ring would make an error with its stack. */
const RUNG = "rung";

/** A {@link Bell}. */
export function createBell(): Bell {
  let rung = new AbortController();
  return {
    ring: () => rung.abort(RUNG),
    heard: () => rung.signal,
    hush() {
      if (rung.signal.aborted) rung = new AbortController();
    },
  };
}
