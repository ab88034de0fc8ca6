import { orAborted } from "../time-limit.ts";

/** One subscription of the protocol. */
export interface Subscription {
  /** Resolves with why nothing is told any more. */
  readonly over: Promise<string>;
  /** Resolves when the server has heard it, or should have. */
  close(): Promise<void>;
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
  /** What is being closed: opened before that is heard, it would be closed with it. */
  const closing = new Map<string, Promise<void>>();
  const begin = (key: string, open: () => Promise<Subscription>): Shared => {
    const before = closing.get(key);
    const one: Shared = { users: 0, opened: before === undefined ? open() : before.then(open) };
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
      const leave = async (): Promise<void> => {
        if (!isIn) return;
        isIn = false;
        one.users -= 1;
        if (one.users > 0) return;
        if (all.get(key) === one) all.delete(key);
        const closed = one.opened.then((subscription) => subscription.close()).catch(() => undefined);
        closing.set(key, closed);
        await closed;
        if (closing.get(key) === closed) closing.delete(key);
      };
      try {
        const { over } = await orAborted(one.opened, signal, () => signal.reason);
        return { over, close: leave };
      } catch (error) {
        void leave();
        throw error;
      }
    },
  };
}
