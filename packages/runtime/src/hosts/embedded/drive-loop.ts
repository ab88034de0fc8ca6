import { createBell } from "../../base/index.ts";
import type { AcquiredLease, LeaseKeeper } from "../../host/index.ts";
import type { LeaseHolder } from "../../state/index.ts";
import { type Driver, driveRuns } from "./drive.ts";

/** What {@link createDriveLoop} needs: the lease, and what is driven. */
export interface DriveLoopOptions extends Omit<Driver, "lease" | "leaving" | "ending" | "more" | "takenOver"> {
  readonly keeper: LeaseKeeper;
}

/** The one loop of a process that drives the store's runs. */
export interface DriveLoop {
  /** Drives until nothing waits, and what came since it was looked at too; gives back who does so when it is another process. */
  drive(): Promise<{ readonly by: LeaseHolder } | null>;
  /** As {@link drive}, unless that goes on already: then it looks again, and this resolves at once. */
  work(): Promise<void>;
  /** Takes the lease and keeps it between two turns of work. False: another process has it. */
  lead(): Promise<boolean>;
  /** Begins no further run; from `now` on those that go on are left as they are. Resolves when nothing is driven any more. */
  leave(now: AbortSignal): Promise<void>;
  /** The runs that go on are left as they are, at once. */
  handOver(): void;
  isDriving(): boolean;
  /** Aborted once it was handed over. */
  readonly handedOver: AbortSignal;
  /** Resolves when nothing is driven; gives the lease back. */
  close(): Promise<void>;
}

/** Makes a {@link DriveLoop}. */
export function createDriveLoop({ keeper, ...driver }: DriveLoopOptions): DriveLoop {
  const [handingOver, ending] = [new AbortController(), new AbortController()];
  let driving: Promise<void> | null = null;
  let leads = false;
  const more = createBell();
  // Its failure was told to whoever waits for the run.
  const settled = async (): Promise<void> => driving?.catch(() => undefined);

  const driveAndRelease = async (lease: AcquiredLease): Promise<void> => {
    try {
      await driveRuns({ ...driver, lease, leaving: handingOver.signal, ending: ending.signal, more, takenOver: (error) => keeper.takenOver(lease, error) });
    } finally {
      driving = null;
      if (!leads) await keeper.release();
    }
  };
  const drive = async (): Promise<{ readonly by: LeaseHolder } | null> => {
    const lease = await keeper.acquire();
    if (lease.kind === "held") return lease;
    more.ring();
    await (driving ??= driveAndRelease(lease));
    return null;
  };
  return {
    drive,
    handedOver: handingOver.signal,
    handOver: () => handingOver.abort(),
    isDriving: () => driving !== null,
    async work() {
      if (driving === null) await drive();
      else more.ring();
    },
    async lead() {
      leads = true;
      return (await keeper.acquire()).kind === "mine";
    },
    async leave(now) {
      ending.abort();
      const handOver = (): void => handingOver.abort();
      if (now.aborted) handOver();
      now.addEventListener("abort", handOver, { once: true });
      await settled();
      now.removeEventListener("abort", handOver);
    },
    async close() {
      await settled();
      await keeper.release();
    },
  };
}
