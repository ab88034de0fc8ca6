import { isOffstageError } from "../base/index.ts";
import { answerRequests } from "../effects/index.ts";
import type { ApprovalRequest } from "../model/index.ts";
import type { Store } from "../state/index.ts";
import type { Environment } from "./environment.ts";

/** What {@link keepTimeouts} needs. */
export interface KeepTimeoutsOptions {
  readonly store: Store;
  readonly environment: Pick<Environment, "clock" | "news" | "dryRun">;
  /** How long a permission is asked for now, ms; undefined: for ever. */
  readonly timeoutMs: () => number | undefined;
  /** Whether this process drives the store: one of several is enough. */
  readonly leads: () => boolean;
  readonly stopping: AbortSignal;
}

/** Who has said no when nobody said anything: the name of the setting, so that it tells where it is from. */
export const TIMED_OUT = "approvals.timeout";

/** How long until the first look, and until it is asked again whether this process leads by now; and until an edit of the time is seen. Ms. */
const [FIRST_MS, LONGEST_MS] = [5_000, 600_000];
const ALL = 10_000;

/**
 * Refuses permissions that nobody answered in time, while a project is served, until it is told to stop; in a dry run, in which nobody is told of them, none. It is an answer as a person's is: in one transaction with what others say
 * meanwhile, kept with its way, and taken back by a person who permits it after all.
 */
export async function keepTimeouts({ store, environment: { clock, news, dryRun }, timeoutMs, leads, stopping }: KeepTimeoutsOptions): Promise<void> {
  for (let wait = FIRST_MS; ;) {
    await clock.sleep(wait, stopping);
    if (stopping.aborted) return;
    const most = timeoutMs();
    wait = most === undefined ? LONGEST_MS : FIRST_MS;
    if (most === undefined || dryRun === true || !leads()) continue;
    try {
      const { late, nextAt } = await lateRequests(store, clock.now(), most);
      const refused = late.length === 0 ? [] : await answerRequests(store, late.map(({ id }) => id), { verdict: "deny", by: TIMED_OUT, way: "timeout", now: clock.now(), maxAgeMs: 0 });
      for (const { id, label } of refused) news({ kind: "run-waiting", why: `Nobody answered in time whether ${label} may be written: it is refused (${TIMED_OUT}). To permit it after all: offstage approve ${id}` });
      wait = Math.min(LONGEST_MS, Math.max(1_000, nextAt - clock.now()));
    } catch (error) {
      if (!isOffstageError(error)) throw error;
      news({ kind: "run-waiting", why: `It could not be looked which permissions nobody answered in time. ${error.message}` });
    }
  }
}

/** `nextAt`: when the next one is late, whatever is opened meanwhile. */
async function lateRequests(store: Store, now: number, most: number): Promise<{ readonly late: readonly ApprovalRequest[]; readonly nextAt: number }> {
  const open = await store.transact({ durable: false, reads: true }, (tx) => tx.listRequests({ status: ["open"], limit: ALL }));
  const late = open.filter(({ openedAt }) => openedAt + most <= now);
  const first = open.filter((one) => !late.includes(one)).at(-1);
  return { late, nextAt: (first?.openedAt ?? now) + most };
}
