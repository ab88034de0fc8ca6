import type { Clock } from "../base/index.ts";

/** A value and for how long its server says that it holds, ms; null when it does not say. */
export interface Lasting<T> {
  readonly value: T;
  readonly ttlMs: number | null;
}

/** Read when it is first wanted, and kept: until it is forgotten, or until its server's time for it is over. */
export interface Kept<T> {
  get(): Promise<T>;
  forget(): void;
}

/**
 * The shortest time that something is kept, ms. Servers of the modern era say "stale at once" where they say nothing better, and lists are
 * looked at before every call.
 */
export const LEAST_KEPT_MS = 60_000;

/** Keeps what `load` gives; everybody who wants it meanwhile waits for the same one. What fails is tried again by the next. */
export function keep<T>(clock: Clock, load: () => Promise<Lasting<T>>): Kept<T> {
  let kept: { readonly value: Promise<T>; until: number } | null = null;
  return {
    get() {
      if (kept !== null && clock.now() < kept.until) return kept.value;
      const loading = load();
      const mine: { readonly value: Promise<T>; until: number } = { value: loading.then(({ value }) => value), until: Infinity };
      kept = mine;
      loading.then(
        ({ ttlMs }) => {
          if (ttlMs !== null) mine.until = clock.now() + Math.max(ttlMs, LEAST_KEPT_MS);
        },
        () => {
          if (kept === mine) kept = null;
        },
      );
      return mine.value;
    },
    forget() {
      kept = null;
    },
  };
}
