import type { ApprovalRequest } from "../model/index.ts";
import type { Store, StoreTx } from "../state/index.ts";
import { type ApprovalWait, openApprovals } from "./answer-approval.ts";
import type { Notice } from "./notice.ts";

/** More are told when these are answered. */
const MOST_OPEN = 1_000;
const BUNDLE = "more-";

/** A run that goes on may open more: what it opened is told of when it is at rest, or after so long. Ms. */
const AT_LATEST_MS = 5 * 60_000;

/** How many messages of their own there may be now, and whether one about all others. */
export interface Allowance {
  readonly own: number;
  readonly bundle: boolean;
}

/**
 * Says of everything that was opened since which message tells of it, in one transaction: so many have one of their own, the others one together. A kill leaves all of them with a
 * message, or none. Gives what was used of the allowance.
 */
export async function assignNotices(store: Store, fence: number, { own, bundle }: Allowance, now: number): Promise<Allowance> {
  const none = { own: 0, bundle: false };
  if (own === 0 && !bundle) return none;
  if ((await store.transact({ durable: false, reads: true }, (tx) => untold(tx, now))).length === 0) return none;
  return store.transact({ durable: true, fence }, async (tx) => {
    const asked = await untold(tx, now);
    const rest = bundle ? asked.slice(own) : [];
    for (const one of asked.slice(0, own)) await mark(tx, one, one.id);
    for (const one of rest) await mark(tx, one, `${BUNDLE}${rest[0]?.id ?? ""}`);
    return { own: Math.min(own, asked.length), bundle: rest.length > 0 };
  });
}

/** The messages of what is open, oldest first, sent or not. */
export async function openNotices(store: Store, now: number): Promise<readonly Notice[]> {
  const questions = await openApprovals(store, now);
  const requests = await store.transact({ durable: false, reads: true }, (tx) => tx.listRequests({ status: ["open"], limit: MOST_OPEN }));
  const told = [...requests.toReversed(), ...questions].filter(({ notice }) => notice != null);
  return [...Map.groupBy(told, ({ notice }) => notice as string)].flatMap(([id, [asked, ...others]]): readonly Notice[] => {
    if (asked === undefined) return [];
    const count = id.startsWith(BUNDLE) ? others.length + 1 : 1;
    return [{ id, asked, count, runId: asked.runId, label: count === 1 ? asked.label : `${asked.label} and others` }];
  });
}

async function untold(tx: StoreTx, now: number): Promise<readonly (ApprovalRequest | ApprovalWait)[]> {
  const requests = (await tx.listRequests({ status: ["open"], limit: MOST_OPEN })).toReversed();
  const questions = (await tx.listWaits({ kind: "approval", status: ["open"], limit: MOST_OPEN })).toReversed().filter((wait): wait is ApprovalWait => wait.kind === "approval");
  const asked = [...requests, ...questions].filter(({ notice }) => notice == null);
  const going = new Set<string>();
  for (const runId of new Set(asked.map((one) => one.runId))) if ((await tx.getRun(runId))?.status === "running") going.add(runId);
  return asked.filter((one) => !going.has(one.runId) || ("effect" in one ? one.openedAt : one.since) <= now - AT_LATEST_MS);
}

async function mark(tx: StoreTx, asked: ApprovalRequest | ApprovalWait, notice: string): Promise<void> {
  if ("effect" in asked) await tx.putRequest({ ...asked, notice });
  else await tx.putWait({ ...asked, notice });
}
