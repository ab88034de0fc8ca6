import type { Clock } from "../../base/index.ts";
import { type RanBody, runBody } from "../../sql/index.ts";
import type { Asked } from "./group-turns.ts";
import type { LogSync } from "./log-sync.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

/** What {@link createGroupCommit} works with. */
export interface CommitOptions {
  readonly clock: Pick<Clock, "now">;
  readonly connection: SqliteConnection;
  /** null for a store of this process only. */
  readonly log: LogSync | null;
  readonly assertSameFile: (() => void) | null;
  /** Throws when a newer version has migrated it since it was opened. Asked within a transaction that writes. */
  readonly assertVersion: () => Promise<void>;
  /** Told of a fencing token that was handed out, when that is durable. */
  readonly onFence: (fence: number, epoch: number) => void;
}

type Group = readonly Asked[];

/** How one try of a group ended. */
type Outcome =
  /** `durable` resolves when it may be relied upon; null: it may. */
  | { readonly kind: "committed"; readonly ran: readonly RanBody<unknown>[]; readonly durable: Promise<void> | null }
  /** One of them threw, or a statement of it failed: nothing is stored. */
  | { readonly kind: "thrown"; readonly error: unknown }
  /** The database did not begin, or did not commit. */
  | { readonly kind: "refused"; readonly error: unknown };

const isRead = ({ how }: Asked): boolean => how.reads === true;
const waitsForDisk = ({ how }: Asked): boolean => how.durable && how.reads !== true;

/**
 * Commits transactions together: one after the other within one of the database's, so that each sees what those before it did, and all are stored or none is. When one of them throws,
 * each is made again by itself, so that it fails alone. Every one is answered when what it asked for holds, the wait for the disk included; later groups go on meanwhile, behind it in the log.
 */
export function createGroupCommit({ clock, connection, log, assertSameFile, assertVersion, onFence }: CommitOptions): (group: Group, othersWait: () => boolean) => Promise<void> {
  const attempt = async (group: Group, othersWait: () => boolean): Promise<Outcome> => {
    const waits = group.some(waitsForDisk);
    let stage: "thrown" | "refused" = "refused";
    try {
      if (waits) log?.refuseBroken();
      // Where nobody else is in line, a COMMIT that waits itself keeps nobody waiting, and costs less.
      const isLater = waits && log?.isOpen() === true && (log.isBusy() || group.length > 1 || othersWait());
      await connection.begin({ durable: waits && !isLater, ...(group.every(isRead) ? { reads: true } : {}) });
      if (!group.every(isRead)) await assertVersion();
      stage = "thrown";
      // Who drives runs writes outside of this store too, and must not do so by a ledger that is gone. Looked at after the wait for
      // other processes; not again for the last look before a send, which follows its intent at once.
      if (group.some((one) => one.how.fence !== undefined && !isRead(one))) assertSameFile?.();
      const ran: RanBody<unknown>[] = [];
      for (const { how, body } of group) ran.push(await runBody(connection, { ...how, now: clock.now() }, body));
      stage = "refused";
      connection.commit();
      if (waits && !isLater) await log?.open();
      return { kind: "committed", ran, durable: isLater ? log.wait() : null };
    } catch (error) {
      connection.rollback();
      return { kind: stage, error };
    }
  };

  const commit = async (group: Group, othersWait: () => boolean): Promise<void> => {
    const outcome = await attempt(group, othersWait);
    if (outcome.kind === "committed") return answer(group, outcome.ran, outcome.durable, onFence);
    // Who only looks at the store is not refused because others cannot write; and who writes is not made to wait again.
    const again = group.length === 1 ? [] : outcome.kind === "refused" ? group.filter(isRead) : group;
    for (const one of group) if (!again.includes(one)) one.reject(outcome.error);
    for (const one of again) await commit([one], othersWait);
  };
  return commit;
}

/** Nobody hears of a result before it may be relied upon as it was asked for. */
async function answer(group: Group, ran: readonly RanBody<unknown>[], durable: Promise<void> | null, onFence: CommitOptions["onFence"]): Promise<void> {
  for (const [at, one] of group.entries()) {
    const tell = (): void => one.resolve(ran[at]?.result);
    if (durable === null || !waitsForDisk(one)) tell();
    else durable.then(tell, one.reject);
  }
  for (const { handedOut } of ran) {
    // The mark must not know of a token that the store may still forget.
    if (handedOut !== null && (durable === null || (await durable.then(() => true, () => false)))) onFence(handedOut.fence, handedOut.epoch);
  }
}
