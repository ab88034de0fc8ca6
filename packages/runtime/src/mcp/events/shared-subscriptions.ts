import { orAborted } from "../time-limit.ts";

/** One subscription of the protocol. */
export interface Subscription {
  /** Resolves with why nothing is told any more. */
  readonly over: Promise<string>;
  close(): void;
}

interface Shared {
  users: number;
  readonly opened: Promise<Subscription>;
}

/** Subscriptions that several want: opened by the first of them, closed by the last. */
export interface SharedSubscriptions {
  /** `open` is called when nobody has what `key` stands for; its own time limit ends it, not the one who happened to be first. */
  join(key: string, open: () => Promise<Subscription>, signal: AbortSignal): Promise<Subscription>;
}

/** See {@link SharedSubscriptions}. */
export function createSharedSubscriptions(): SharedSubscriptions {
  const all = new Map<string, Shared>();
  const begin = (key: string, open: () => Promise<Subscription>): Shared => {
    const one: Shared = { users: 0, opened: open() };
    all.set(key, one);
    // Nobody joins what is over, or never was.
    const forget = (): void => {
      if (all.get(key) === one) all.delete(key);
    };
    one.opened.then(({ over }) => over, () => "").then(forget, forget);
    return one;
  };
  return {
    async join(key, open, signal) {
      const one = all.get(key) ?? begin(key, open);
      one.users += 1;
      let isIn = true;
      const leave = (): void => {
        if (!isIn) return;
        isIn = false;
        one.users -= 1;
        if (one.users > 0) return;
        if (all.get(key) === one) all.delete(key);
        one.opened.then((subscription) => subscription.close(), () => undefined);
      };
      try {
        const { over } = await orAborted(one.opened, signal, () => signal.reason);
        return { over, close: leave };
      } catch (error) {
        leave();
        throw error;
      }
    },
  };
}
