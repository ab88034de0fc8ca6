import type { Clock } from "../base/index.ts";

/** A value and for how long its server says that it holds, ms; null when it does not say. */
export interface Lasting<T> {
  readonly value: T;
  readonly ttlMs: number | null;
}

/** Read when it is first wanted, and kept: until it is forgotten, or until its time is over. */
export interface Kept<T> {
  /** What was read longer ago than `atMostMs` is read anew, whatever its server says. What is being read now is as good as new, unless it is forgotten before it is there: then it is read again. */
  get(atMostMs?: number): Promise<T>;
  forget(): void;
}

/** Something that is forgotten at each reading, too: its server says for ever that it changes, and the last reading has to do. */
const MOST_READINGS = 3;

/**
 * The shortest time that something is kept, ms, unless who wants it wants it newer. Servers of the modern era say "stale at once" where they
 * say nothing better, and lists are looked at before every call.
 */
export const LEAST_KEPT_MS = 60_000;

interface Held<T> {
  readonly value: Promise<T>;
  /** When it was begun to be read: what changed since may not be in it. */
  readonly since: number;
  isRead: boolean;
  holdsMs: number;
}

/** Keeps what `load` gives, for `longestMs` at the most; everybody who wants it meanwhile waits for the same one. What fails is tried again by the next. */
export function keep<T>(clock: Clock, load: () => Promise<Lasting<T>>, longestMs = Infinity): Kept<T> {
  let kept: Held<T> | null = null;
  const isOld = ({ isRead, since, holdsMs }: Held<T>, atMostMs: number): boolean => {
    const age = clock.now() - since;
    // A clock that was put back tells nothing of its age.
    return isRead && (age < 0 || age >= Math.min(holdsMs, atMostMs));
  };
  const read = (): Held<T> => {
    const loading = load();
    const mine: Held<T> = { value: loading.then(({ value }) => value), since: clock.now(), isRead: false, holdsMs: longestMs };
    kept = mine;
    loading.then(
      ({ ttlMs }) => {
        mine.isRead = true;
        if (ttlMs !== null) mine.holdsMs = Math.min(Math.max(ttlMs, LEAST_KEPT_MS), longestMs);
      },
      () => {
        if (kept === mine) kept = null;
      },
    );
    return mine;
  };
  return {
    async get(atMostMs = Infinity) {
      for (let readings = 1; ; readings++) {
        const held: Held<T> = kept === null || isOld(kept, atMostMs) ? read() : kept;
        const value = await held.value;
        if (kept === held || readings === MOST_READINGS) return value;
      }
    },
    forget() {
      kept = null;
    },
  };
}
