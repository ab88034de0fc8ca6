import type { Clock } from "../base/index.ts";
import type { LaneLimit } from "./lane.ts";
import type { Lanes } from "./lanes.ts";
import { createTurnQueue, type Turn, type TurnOptions, type TurnQueue } from "./turn-queue.ts";

/** Calls that begin in one second, calls under way at once. Absent is without limit. */
export interface RateLimit {
  readonly perSecond?: number;
  readonly concurrent?: number;
}

/** Gives calls their turn. */
export interface RateLimiter {
  /** All calls made with one credential share what is known of it: a limit of the same name is one limit, and a pause that a server asked for is for all. */
  turn(credential: string, limits: readonly LaneLimit[], options?: TurnOptions): Promise<Turn>;
}

/** A limiter whose waiting is on `clock`, and which shares its limits with all who take turns in the same `lanes`. Within one of its queues: first come, first served. */
export function createRateLimiter(clock: Clock, lanes: Lanes): RateLimiter {
  const queues = new Map<string, Map<string, TurnQueue>>();
  // Of these a server asked to wait, and they have no limit that would make anybody look.
  const slowed = new Set<string>();
  const queueOf = (credential: string, limits: readonly LaneLimit[]): TurnQueue => {
    let siblings = queues.get(credential);
    if (siblings === undefined) queues.set(credential, (siblings = new Map()));
    const all = siblings;
    const name = limits.map(({ name: one, perSecond, concurrent }) => `${one} ${perSecond} ${concurrent}`).join();
    let queue = all.get(name);
    if (queue === undefined) {
      const othersWait = (): boolean => [...all.values()].some(({ hasWaiters }) => hasWaiters);
      all.set(name, (queue = createTurnQueue({ clock, lanes, credential, limits, id: lanes.newId(), othersWait, onFreed: () => all.forEach((one) => one.look()) })));
    }
    return queue;
  };
  const unlimited = (credential: string): Turn => ({
    kind: "granted",
    release(holdBackMs) {
      if (holdBackMs === undefined) return;
      slowed.add(credential);
      queueOf(credential, []).holdBack(holdBackMs);
    },
  });
  return {
    async turn(credential, limits, options = {}) {
      const real = limits.filter(({ perSecond, concurrent }) => perSecond !== undefined || concurrent !== undefined);
      if (real.length > 0) return queueOf(credential, real).turn(options);
      if (!slowed.has(credential)) return unlimited(credential);
      const turn = await queueOf(credential, []).turn(options);
      if (turn.kind !== "granted") return turn;
      slowed.delete(credential);
      return unlimited(credential);
    },
  };
}
