import type { Clock } from "../base/index.ts";
import type { AskedLane, Lane, LaneProcess } from "./lane.ts";

/** Where lanes are kept: by one process alone, or by all processes over a store. */
export interface Lanes {
  readonly me: LaneProcess;
  /** What a queue of this process is called; no other one, of no process, is called so. */
  newId(): string;
  readonly alive: (process: LaneProcess) => boolean;
  /**
   * Gives `decide` the lane of a credential and the time, and keeps what it makes of it; `decide` may be asked again. With `looks`, it is kept only when that is news.
   * Never rejects: whoever keeps lanes for others knows what to do while they cannot be had.
   */
  change(credential: string, decide: (lane: Lane | null, now: number) => AskedLane, options?: { readonly looks?: boolean }): Promise<AskedLane>;
  /** How others are noticed, who take turns in the same lanes; null: there are none. Milliseconds. */
  readonly shared: {
    /** How long to wait before looking for a free slot again; not always the same. */
    pauseMs(): number;
    /** How long a free slot may stay untold. */
    readonly lingerMs: number;
    /** How often to say that slots are held still. */
    readonly renewMs: number;
  } | null;
}

const ALONE: LaneProcess = { host: "", boot: "", pid: 0, started: null };

/** Lanes of this process only. */
export function createOwnLanes(clock: Pick<Clock, "now">): Lanes {
  const lanes = new Map<string, Lane>();
  let queues = 0;
  return {
    me: ALONE,
    newId: () => `queue ${(queues += 1)}`,
    alive: () => true,
    shared: null,
    change(credential, decide) {
      const asked = decide(lanes.get(credential) ?? null, clock.now());
      lanes.set(credential, asked.lane);
      return Promise.resolve(asked);
    },
  };
}
