import type { Clock } from "../base/index.ts";
import { askLane, type LaneAnswer, type LaneAsker, type LaneAsking, type LaneLimit } from "./lane.ts";
import type { Lanes } from "./lanes.ts";

/** Until when a call may wait for its turn. */
export interface TurnOptions {
  /** Instant (ms). */
  readonly deadlineAt?: number;
  readonly signal?: AbortSignal;
  /** Hears, once, that it has waited for {@link LONG_WAIT_MS} and waits on. */
  readonly onLongWait?: () => void;
}

/** Whoever looks on wonders by then whether anything happens at all. */
const LONG_WAIT_MS = 5_000;

/** A turn: to be released when the call is over, with the pause that the server asked for. Or why there was none. */
export type Turn = { readonly kind: "granted"; readonly release: (holdBackMs?: number) => void } | { readonly kind: "deadline" } | { readonly kind: "aborted" };

/** Calls of one process under the same limits, in the order in which they came. */
export interface TurnQueue {
  turn(options: TurnOptions): Promise<Turn>;
  /** A server asked for a pause. */
  holdBack(ms: number): void;
  /** Somebody of this process freed a slot. */
  look(): void;
  readonly hasWaiters: boolean;
}

/** What {@link createTurnQueue} needs. */
export interface TurnQueueOptions {
  readonly clock: Clock;
  readonly lanes: Lanes;
  readonly credential: string;
  readonly limits: readonly LaneLimit[];
  readonly id: string;
  /** Whether others of this process wait for turns with this credential. */
  readonly othersWait: () => boolean;
  readonly onFreed: () => void;
}

/** A {@link TurnQueue}. */
export function createTurnQueue(options: TurnQueueOptions): TurnQueue {
  return new Queue(options);
}

interface Waiter {
  readonly settle: (turn: Turn) => void;
}

type Start = Extract<LaneAnswer, { readonly kind: "start" }>;

/** Asks for the first of the queue, one turn after the other: so at most one start is given to a process before it is needed. */
class Queue implements TurnQueue {
  readonly #options: TurnQueueOptions;
  readonly #asker: LaneAsker;
  readonly #hasSlots: boolean;
  readonly #waiters = new Set<Waiter>();
  #running = 0;
  /** A start was given and is not used yet. */
  #isComing = false;
  #isPumping = false;
  #moved: NonNullable<LaneAsking["moved"]> | null = null;
  /** Aborted when nobody waits any more. */
  #left = new AbortController();
  /** Ends the wait for a free slot; null: nobody waits for one now. */
  #wake: (() => void) | null = null;
  /** A slot was freed after the last question. */
  #isFreed = false;
  #renewing: AbortController | null = null;
  /** A slot was freed and nobody knows yet. */
  #isUntold = false;
  #isLingering = false;
  #lastAsked: Promise<unknown> = Promise.resolve();

  constructor(options: TurnQueueOptions) {
    this.#options = options;
    this.#asker = { id: options.id, process: options.lanes.me, limits: options.limits, alive: options.lanes.alive };
    this.#hasSlots = options.limits.some(({ concurrent }) => concurrent !== undefined);
  }

  turn({ deadlineAt, signal, onLongWait }: TurnOptions): Promise<Turn> {
    if (signal?.aborted) return Promise.resolve({ kind: "aborted" });
    return new Promise((resolve) => {
      const over = deadlineAt === undefined && onLongWait === undefined ? null : new AbortController();
      const onAbort = (): void => this.#leave(waiter, { kind: "aborted" });
      const waiter: Waiter = {
        settle(turn) {
          over?.abort("granted");
          signal?.removeEventListener("abort", onAbort);
          resolve(turn);
        },
      };
      if (this.#left.signal.aborted) this.#left = new AbortController();
      this.#waiters.add(waiter);
      signal?.addEventListener("abort", onAbort, { once: true });
      if (over !== null && deadlineAt !== undefined) void this.#endAtDeadline(waiter, deadlineAt, over.signal);
      if (over !== null && onLongWait !== undefined) void this.#tellLongWait(onLongWait, over.signal);
      void this.#pump();
    });
  }

  holdBack(ms: number): void {
    // The call that was told to wait freed its slot, too.
    void this.#ask({ holdBackMs: ms }).then(this.#options.onFreed);
  }

  look(): void {
    this.#isFreed = true;
    this.#wake?.();
  }

  get hasWaiters(): boolean {
    return this.#waiters.size > 0;
  }

  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    for (let looks = false; this.#waiters.size > 0; ) {
      this.#isFreed = false;
      const answer = await this.#ask({ wantsTurn: true, looks });
      looks = answer.kind === "busy";
      if (answer.kind === "start") await this.#begin(answer);
      else if (this.#waiters.size > 0) await this.#untilFreed();
      // Nobody shall keep a place free for a queue that is empty.
      if (this.#waiters.size === 0 && (looks || this.#moved?.to === null)) await this.#ask({});
    }
    this.#isPumping = false;
  }

  /** Or until nobody waits any more; where others share the slots, until it is time to look again. */
  async #untilFreed(): Promise<void> {
    const { clock, lanes } = this.#options;
    if (this.#isFreed) return;
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    if (lanes.shared !== null) await clock.sleep(lanes.shared.pauseMs(), woken.signal);
    else await new Promise<void>((resolve) => woken.signal.addEventListener("abort", () => resolve(), { once: true }));
    this.#wake = null;
  }

  /** Waits for a start and gives it to who is first in the queue by then. */
  async #begin({ at, inMs }: Start): Promise<void> {
    const { clock } = this.#options;
    const asked = clock.now();
    if (inMs > 0) await clock.sleep(inMs, this.#left.signal);
    this.#isComing = false;
    const [first] = this.#waiters;
    if (first === undefined) {
      this.#moved = { from: at, to: null };
      return;
    }
    // A process that was held up begins later than it said: the others have to know.
    const lateMs = Math.round(clock.now() - asked - inMs);
    if (lateMs > 0) this.#moved = { from: at, to: at + lateMs };
    this.#running++;
    this.#waiters.delete(first);
    first.settle({ kind: "granted", release: this.#releaseOnce() });
    void this.#renew();
  }

  #releaseOnce(): (holdBackMs?: number) => void {
    let isReleased = false;
    return (holdBackMs) => {
      if (isReleased) return;
      isReleased = true;
      this.#running--;
      if (this.#running === 0) this.#renewing?.abort();
      if (holdBackMs !== undefined) this.holdBack(holdBackMs);
      else if (this.#hasSlots) void this.#tellFreed();
    };
  }

  /** At once where somebody of this process waits for it. Others can wait a moment: the next call often comes by then, and tells it along with what it asks. */
  async #tellFreed(): Promise<void> {
    const { clock, lanes, othersWait, onFreed } = this.#options;
    this.#isUntold = true;
    if (lanes.shared !== null && !this.hasWaiters && !othersWait()) {
      if (this.#isLingering) return;
      this.#isLingering = true;
      await clock.sleep(lanes.shared.lingerMs);
      this.#isLingering = false;
    }
    if (this.#isUntold) await this.#ask({});
    onFreed();
  }

  /** Says, while slots are held, that they are: others give those of a process that is gone away. */
  async #renew(): Promise<void> {
    const { clock, lanes } = this.#options;
    if (lanes.shared === null || !this.#hasSlots || this.#renewing !== null) return;
    const idle = (this.#renewing = new AbortController());
    for (;;) {
      await clock.sleep(lanes.shared.renewMs, idle.signal);
      if (idle.signal.aborted) break;
      await this.#ask({});
    }
    this.#renewing = null;
    if (this.#running > 0) void this.#renew();
  }

  /** One after the other: what a queue holds is told as a number, and a later one has to come later. */
  #ask({ wantsTurn = false, looks = false, ...pause }: Pick<LaneAsking, "holdBackMs"> & { readonly wantsTurn?: boolean; readonly looks?: boolean }): Promise<LaneAnswer> {
    const { lanes, credential } = this.#options;
    const asked = this.#lastAsked.then(async () => {
      const moved = this.#moved;
      this.#isUntold = false;
      const asking = (): LaneAsking => ({
        ...pause, held: this.#running + (this.#isComing ? 1 : 0),
        wants: this.#waiters.size === 0 ? "nothing" : wantsTurn ? "turn" : "place",
        ...(moved === null ? {} : { moved }),
      });
      const { answer, isNews } = await lanes.change(credential, (lane, now) => askLane(lane, this.#asker, asking(), now), { looks });
      if (isNews && this.#moved === moved) this.#moved = null;
      if (answer.kind === "start") this.#isComing = true;
      return answer;
    });
    this.#lastAsked = asked;
    return asked;
  }

  async #tellLongWait(tell: () => void, over: AbortSignal): Promise<void> {
    await this.#options.clock.sleep(LONG_WAIT_MS, over);
    if (!over.aborted) tell();
  }

  async #endAtDeadline(waiter: Waiter, deadlineAt: number, over: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    await clock.sleep(deadlineAt - clock.now(), over);
    this.#leave(waiter, { kind: "deadline" });
  }

  #leave(waiter: Waiter, why: Turn): void {
    if (!this.#waiters.delete(waiter)) return;
    if (this.#waiters.size === 0) {
      this.#left.abort();
      this.#wake?.();
    }
    waiter.settle(why);
  }
}
