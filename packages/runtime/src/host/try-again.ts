import type { ErrorCode } from "../base/index.ts";
import type { Run } from "../model/index.ts";
import type { StoreTx } from "../state/index.ts";
import type { Environment } from "./environment.ts";
import { parkContinuation } from "./park-continuation.ts";

/** A server that could not be had: it is gone, broken, shut to us, or left alone for that. What it answered with an error is its answer, and no such thing. */
const NOT_HAD: ReadonlySet<string> = new Set<ErrorCode>(["AUTH_FAILED", "LOGIN_NEEDED", "SERVER_AILING", "SERVER_EXITED", "SERVER_GARBAGE", "SERVER_REFUSED", "SERVER_SESSION_LOST", "SERVER_START", "SERVER_TIMEOUT", "SERVER_UNREACHABLE"]);

/** As long as it has failed already, so that it costs little and no outage is made much longer. Ms. */
const [FIRST_MS, LONGEST_MS] = [60_000, 3_600_000];
/** More than are ever made within the longest time. */
const LOOKED_BACK = 1_024;

/**
 * The run that is to do what an event asked for, when one failed at it because a server could not be had: a continuation, which waits. null for any other run, for one that somebody
 * called, who hears of it, and when it was tried for long enough. Made in the transaction that stores the failure, so that no event is lost between.
 */
export async function tryAgain(tx: StoreTx, { clock, random, retryMs = 0 }: Pick<Environment, "clock" | "random" | "retryMs">, failed: Run): Promise<Run | null> {
  if (retryMs === 0 || failed.phase !== "run" || failed.event.kind === "call" || !couldNotHave(failed)) return null;
  const now = clock.now();
  const since = await failingSince(tx, failed, now);
  const until = now + Math.max(FIRST_MS, Math.min(LONGEST_MS, now - since));
  if (until > since + retryMs) return null;
  return parkContinuation(tx, { clock, random }, failed, { turn: failed.turn, until, label: `another try, as run ${failed.id} could not have a server` });
}

function couldNotHave({ status, error, failures }: Run): boolean {
  return ["partial", "needs-attention", "failed"].includes(status) && [error, ...failures.map((failure) => failure.error)].some((one) => one !== null && NOT_HAD.has(one.code));
}

/** When the first of the runs of this root failed that could not have a server, with no other end since. */
async function failingSince(tx: StoreTx, { id, rootRunId }: Run, now: number): Promise<number> {
  let since = now;
  for (const run of await tx.listRuns({ rootRunId, limit: LOOKED_BACK })) {
    if (run.id === id) continue;
    if (!couldNotHave(run)) break;
    since = Math.min(since, run.endedAt ?? now);
  }
  return since;
}
