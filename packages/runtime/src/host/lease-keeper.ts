import { type Clock, isOffstageError, type OffstageError } from "../base/index.ts";
import { decideLease, type Lease, type LeaseHolder, type Store } from "../state/index.ts";

/** How long a lease lasts without a sign of life, and how often one is given. A dead process of this machine is noticed at once. */
const LEASE_MS = 15_000;
const RENEW_MS = 5_000;
/**
 * At every so many renewals, and where a lease ends that was renewed, a fencing token is counted that nobody gets. What is kept beside a store of how far it has been (its mark) rises with them: a copy from within a lease
 * that goes on for weeks would be taken for the store itself, and what was written since would be written again.
 */
const COUNT_EVERY = 12;

/** What {@link createLeaseKeeper} needs. */
export interface LeaseKeeperOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly me: LeaseHolder;
  /** Whether a holder on this machine and boot still lives. */
  readonly alive: (holder: LeaseHolder) => boolean;
}

/** The right to drive a store's runs, held by one process at a time. */
export interface LeaseKeeper {
  acquire(): Promise<AcquiredLease | { readonly kind: "held"; readonly by: LeaseHolder }>;
  release(): Promise<void>;
  /** A transaction found that another process has the lease: it is not waited for until it is to be renewed. */
  takenOver(lease: AcquiredLease, error: OffstageError): void;
}

/** A lease that this process holds. */
export interface AcquiredLease {
  readonly kind: "mine";
  /** Every transaction of a run names it; it is refused once another process took the lease. */
  readonly fence: number;
  /** Aborted when another process took the lease: nothing may be sent after that. */
  readonly lost: AbortSignal;
}

/** Takes, renews and gives back the one lease of a store. */
export function createLeaseKeeper(options: LeaseKeeperOptions): LeaseKeeper {
  const { store, clock, me } = options;
  let mine: { readonly lease: Lease; readonly lost: AbortController; readonly stop: AbortController; renewals: number } | null = null;

  const renewForEver = async (held: NonNullable<typeof mine>): Promise<void> => {
    const { lease, stop } = held;
    for (;;) {
      await clock.sleep(RENEW_MS, stop.signal);
      if (stop.signal.aborted) return;
      const counts = ++held.renewals % COUNT_EVERY === 0;
      try {
        await putLease(store, lease, () => ({ ...lease, expiresAt: clock.now() + LEASE_MS }), counts);
      } catch (error) {
        if (stop.signal.aborted) return;
        if (!isLoss(error)) continue;
        if (mine === held) mine = null;
        return held.lost.abort(error);
      }
    }
  };

  const take: LeaseKeeper["acquire"] = async () => {
    const outcome = await store.transact({ durable: true }, async (tx) => {
      const current = await tx.getLease();
      const now = clock.now();
      if (decideLease(current, me, now, options.alive) === "wait" && current !== null) return { kind: "held" as const, by: current.holder };
      const lease: Lease = { fence: await tx.nextFence(), holder: me, takenAt: now, expiresAt: now + LEASE_MS };
      await tx.putLease(lease);
      return { kind: "taken" as const, lease };
    });
    if (outcome.kind === "held") return outcome;
    mine = { lease: outcome.lease, lost: new AbortController(), stop: new AbortController(), renewals: 0 };
    void renewForEver(mine);
    return { kind: "mine", fence: mine.lease.fence, lost: mine.lost.signal };
  };

  let taking: ReturnType<LeaseKeeper["acquire"]> | null = null;
  return {
    acquire() {
      if (mine !== null) return Promise.resolve({ kind: "mine", fence: mine.lease.fence, lost: mine.lost.signal });
      // Two that ask at once take one lease: a second one would fence the first out.
      taking ??= take().finally(() => (taking = null));
      return taking;
    },
    takenOver({ fence }, error) {
      if (mine?.lease.fence !== fence) return;
      const { stop, lost } = mine;
      mine = null;
      stop.abort();
      lost.abort(error);
    },
    async release() {
      const held = mine;
      mine = null;
      if (held === null) return;
      held.stop.abort();
      await giveBack(store, held.lease, held.renewals > 0);
    },
  };
}

/** A full disk or a busy file is no loss of the lease: the next transaction of a run will tell, and fencing decides. In a store that a newer version has now nothing is this process's any more, and whoever asks again is told. */
function isLoss(error: unknown): boolean {
  return isOffstageError(error) && (error.code === "LEASE_LOST" || error.code === "STORE_NEWER");
}

/** One that another process took meanwhile is its own. */
async function giveBack(store: Store, lease: Lease, counts: boolean): Promise<void> {
  await putLease(store, lease, () => null, counts).catch((error: unknown) => {
    if (!(isOffstageError(error) && error.code === "LEASE_LOST")) throw error;
  });
}

/** In the place of a lease that is still held. A token that is counted is to be on the disk before anything beside the store knows of it. */
function putLease(store: Store, { fence }: Lease, next: () => Lease | null, counts: boolean): Promise<void> {
  return store.transact({ durable: counts, fence }, async (tx) => {
    if (counts) await tx.nextFence();
    await tx.putLease(next());
  });
}
