import { newRunId } from "../base/index.ts";
import { type ApprovalRequest, isEnded, type Run } from "../model/index.ts";
import type { StoreTx } from "../state/index.ts";
import { continueRun, wokenRun } from "./continue-run.ts";
import type { Environment } from "./environment.ts";
import { keepWaits } from "./keep-waits.ts";
import { continuationOf } from "./new-run.ts";

type Making = Pick<Environment, "clock" | "random">;

/**
 * Has a run go on with a grant, in the transaction that says so: one of its root that has not begun yet, one that is parked, or a new one. While one of them is driven,
 * it may come to the effect itself; what it leaves is gone on with by {@link goOnAfter}, in the transaction of its end. So there is exactly one, whatever is killed. Gives the request with the run that goes on.
 */
export async function goOnWithGrant(tx: StoreTx, making: Making, granted: ApprovalRequest): Promise<ApprovalRequest> {
  const runs = await tx.listRuns({ rootRunId: granted.rootRunId, limit: ALL });
  const going = runs.filter(({ status }) => !isEnded(status));
  const queued = going.find(({ status }) => status === "queued");
  if (queued !== undefined) return { ...granted, continuedBy: queued.id };
  if (going.some(({ status }) => status === "running")) return granted;
  const [parked] = going;
  // Somebody ended it, and a message of before is no word to begin it again: whatever run comes to the same next uses the grant.
  if (parked === undefined && runs[0]?.status === "cancelled") return { ...granted, continuedBy: runs[0].id };
  if (parked === undefined && (await tx.getRun(granted.runId)) === null) return granted;
  const next = parked === undefined ? await continueRun(tx, making, granted.runId) : wokenRun(parked);
  await tx.putRun(next);
  return { ...granted, continuedBy: next.id };
}

/**
 * What becomes of a run that came to its end, or is to be parked, with grants that were given while it went on: a parked one goes on at once, one that ended is continued. One that a person ended
 * is not. Once for each grant, whether the run that goes on uses it or not. `again`: the run that tries it again anyway. Gives the run as it is to be stored.
 */
export async function goOnAfter(tx: StoreTx, making: Making, run: Run, again: Run | null): Promise<Run> {
  if (run.phase === "plan") return run;
  const now = making.clock.now();
  const owed = (await tx.owedRequests(run.rootRunId)).filter(({ expiresAt }) => expiresAt !== null && expiresAt > now);
  if (owed.length === 0) return run;
  const next = again?.id ?? (await nextOf(tx, making, run));
  for (const granted of owed) await tx.putRequest({ ...granted, continuedBy: next });
  return next === run.id ? wokenRun(run) : run;
}

const ALL = 10_000;

async function nextOf(tx: StoreTx, { clock, random }: Making, run: Run): Promise<string> {
  if (!isEnded(run.status) || run.status === "cancelled") return run.id;
  const [queued] = await tx.listRuns({ rootRunId: run.rootRunId, status: ["queued"], limit: 1 });
  if (queued !== undefined) return queued.id;
  const next = continuationOf(run, newRunId(clock.now(), random), clock.now());
  await keepWaits(tx, run, next);
  await tx.putRun(next);
  return next.id;
}
