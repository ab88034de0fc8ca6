import { type Clock, type ErrorData, type Json, toErrorData } from "../base/index.ts";
import { type AskedLane, HOLDER_EXPIRES_MS, type Lane, type LaneProcess, type Lanes } from "../calls/index.ts";
import type { Store } from "../state/index.ts";

/** What {@link createStoreLanes} needs. */
export interface StoreLanesOptions {
  readonly store: Store;
  readonly me: LaneProcess;
  /** Asked of processes of this machine and boot only. */
  readonly alive: (process: LaneProcess) => boolean;
  readonly clock: Clock;
  /** Cryptographically random bytes. */
  readonly random: (count: number) => Uint8Array;
  /** Hears that the store could not be asked, and, with null, that it can be again. */
  readonly onTrouble: (why: ErrorData | null) => void;
}

/** Turns of calls that all processes over a store take together. */
export interface StoreLanes extends Lanes {
  /** Gives up all that this process holds; to be called before the store is closed. Never rejects. */
  close(): Promise<void>;
}

/** Between two looks for a slot: half of it, and up to as much again. */
const PAUSE_MS = 30;
const LINGER_MS = 10;
/** After a failure the store is left alone for so long. */
const TROUBLE_MS = 5_000;

/**
 * Keeps lanes in the store, without waiting for the disk: what a machine forgets that loses its power concerns calls that were a moment ago. A store that cannot
 * be asked neither ends a run nor lets its calls pass as they like: this process goes on from what it saw last, alone, until the store answers again.
 */
export function createStoreLanes({ store, me, alive, clock, random, onTrouble }: StoreLanesOptions): StoreLanes {
  const id = Buffer.from(random(6)).toString("hex");
  const seen = new Map<string, Lane | null>();
  // Where the store has something of this process.
  const stored = new Set<string>();
  const isMine = (use: Lane["uses"][number]): boolean => use.id.startsWith(`${id} `);
  let queues = 0;
  let aheadMs = 0;
  let troubleSince: number | null = null;
  let isClosed = false;

  const inStore = async (credential: string, decide: (lane: Lane | null, now: number) => AskedLane, isLook: boolean): Promise<AskedLane> => {
    const asked = await store.transact(isLook ? { durable: false, reads: true } : { durable: false }, async (tx) => {
      const { lane, now } = await tx.getLane(credential);
      aheadMs = now - clock.now();
      const made = decide(lane as unknown as Lane | null, now);
      if (!isLook && made.isNews) await tx.putLane(credential, made.lane as unknown as Json);
      return made;
    });
    if (asked.lane.uses.some(isMine)) stored.add(credential);
    else stored.delete(credential);
    return isLook && asked.isNews ? inStore(credential, decide, false) : asked;
  };
  const alone = (credential: string, decide: (lane: Lane | null, now: number) => AskedLane): AskedLane => decide(seen.get(credential) ?? null, clock.now() + aheadMs);

  return {
    me, alive,
    newId: () => `${id} ${(queues += 1)}`,
    shared: { pauseMs: () => PAUSE_MS * (0.5 + (random(1)[0] ?? 0) / 255), lingerMs: LINGER_MS, renewMs: HOLDER_EXPIRES_MS / 3 },
    async change(credential, decide, { looks = false } = {}) {
      const ask = async (): Promise<AskedLane> => {
        if (isClosed || (troubleSince !== null && Math.abs(clock.now() - troubleSince) < TROUBLE_MS)) return alone(credential, decide);
        try {
          const answered = await inStore(credential, decide, looks);
          if (troubleSince !== null) onTrouble(null);
          troubleSince = null;
          return answered;
        } catch (error) {
          if (troubleSince === null && !isClosed) onTrouble(toErrorData(error));
          troubleSince = clock.now();
          return alone(credential, decide);
        }
      };
      const asked = await ask();
      seen.set(credential, asked.lane);
      return asked;
    },
    async close() {
      isClosed = true;
      if (stored.size === 0 || troubleSince !== null) return;
      await store.transact({ durable: false }, async (tx) => {
        for (const credential of stored) {
          const { lane } = (await tx.getLane(credential)) as unknown as { readonly lane: Lane | null };
          if (lane !== null) await tx.putLane(credential, { ...lane, uses: lane.uses.filter((use) => !isMine(use)) } as unknown as Json);
        }
      }).catch(() => undefined);
    },
  };
}
