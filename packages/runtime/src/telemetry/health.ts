import { performance } from "node:perf_hooks";
import type { Clock } from "../base/index.ts";
import type { Store } from "../state/index.ts";

/** How the process that serves is, as far as it can tell by itself: no other system is asked. */
export interface Health {
  /** Told at each turn of the loop that serves. */
  turned(leads: boolean): void;
  /** Told when the process is to stop. */
  stopping(): void;
  /** Whether the loop still turns. Nothing was stuck before its first turn. */
  isAlive(): boolean;
  isReady(): Promise<Readiness>;
}

/** Nothing in it tells of the project: it may be seen by anybody. */
export interface Readiness {
  readonly ready: boolean;
  /** `undecided` before the loop's first turn. */
  readonly role: "leader" | "follower" | "undecided";
  readonly store: "answers" | "silent";
  readonly stopping: boolean;
}

/** What {@link createHealth} needs. */
export interface HealthOptions {
  readonly store: Store;
  readonly clock: Pick<Clock, "sleep">;
  /** Ms, of a clock that only goes forward. */
  readonly now?: () => number;
}

/** A turn takes half a second, and longer while the store's disk is slow or another process writes for long. Ms. */
const STUCK_AFTER_MS = 60_000;
/** Who asks whether we are ready waits a second or a few. Ms. */
const STORE_ANSWERS_MS = 2_000;
/** However often somebody asks, the store is asked so often at most. Ms. */
const ASK_AGAIN_MS = 500;

/** Makes a {@link Health}. */
export function createHealth({ store, clock, now = () => performance.now() }: HealthOptions): Health {
  let turnedAt = now();
  let role: Readiness["role"] = "undecided";
  let stopping = false;
  const isAlive = (): boolean => now() - turnedAt < STUCK_AFTER_MS;
  const storeAnswers = oncePer(ASK_AGAIN_MS, now, () => answersInTime(store, clock));
  return {
    isAlive,
    turned(leads) {
      turnedAt = now();
      role = leads ? "leader" : "follower";
    },
    stopping: () => void (stopping = true),
    async isReady() {
      const answers = await storeAnswers();
      return { ready: answers && role !== "undecided" && !stopping && isAlive(), role, store: answers ? "answers" : "silent", stopping };
    },
  };
}

async function answersInTime(store: Store, clock: Pick<Clock, "sleep">): Promise<boolean> {
  const answered = new AbortController();
  const asked = store.transact({ durable: false, reads: true }, (tx) => tx.getMeta("epoch")).then(() => true, () => false);
  const late = clock.sleep(STORE_ANSWERS_MS, answered.signal).then(() => false);
  const answers = await Promise.race([asked, late]);
  answered.abort();
  return answers;
}

/** Who asks while it is being asked, or just after, gets the same answer. */
export function oncePer<T>(ms: number, now: () => number, ask: () => Promise<T>): () => Promise<T> {
  let last: { readonly answer: Promise<T>; readonly until: () => number } | null = null;
  return () => {
    if (last !== null && now() < last.until()) return last.answer;
    let until = Number.POSITIVE_INFINITY;
    const answer = ask().finally(() => (until = now() + ms));
    answer.catch(() => undefined);
    last = { answer, until: () => until };
    return answer;
  };
}
