import { backOffMs, type ErrorCode } from "../base/index.ts";
import type { Run } from "../model/index.ts";
import type { StoreTx } from "../state/index.ts";
import type { Environment } from "./environment.ts";
import { parkContinuation } from "./park-continuation.ts";

/**
 * A server that could not be had: it is gone, broken, shut to us, or left alone for that; or nothing was sent to it in time, by a machine that slept meanwhile. What it answered with an error is its answer, and
 * no such thing.
 */
const NOT_HAD: ReadonlySet<string> = new Set<ErrorCode>(["AUTH_FAILED", "DEADLINE_PASSED", "EFFECT_LATE", "LOGIN_NEEDED", "SERVER_AILING", "SERVER_EXITED", "SERVER_GARBAGE", "SERVER_REFUSED", "SERVER_SESSION_LOST", "SERVER_START", "SERVER_TIMEOUT", "SERVER_UNREACHABLE"]);

/** Twice as long each time, so that it costs little and no outage is made much longer. Counted in tries: a machine that sleeps for days gives nothing up for that. Ms. */
const WAITS = { firstMs: 60_000, longestMs: 3_600_000 };
/** More than are ever made within the longest time. */
const LOOKED_BACK = 1_024;

/**
 * The run that is to do what an event asked for, when one failed at it because a server could not be had: a continuation, which waits. null for any other run, for one that somebody
 * called, who hears of it, and when it was tried for long enough. Made in the transaction that stores the failure, so that no event is lost between.
 */
export async function tryAgain(tx: StoreTx, { clock, random, retryMs = 0 }: Pick<Environment, "clock" | "random" | "retryMs">, failed: Run): Promise<Run | null> {
  if (retryMs === 0 || failed.phase !== "run" || failed.event.kind === "call" || !couldNotHave(failed)) return null;
  const now = clock.now();
  const waits = Array.from({ length: await triesOf(tx, failed) }, (_, before) => backOffMs(before + 1, WAITS));
  if (waits.reduce((sum, ms) => sum + ms, 0) > retryMs) return null;
  const until = now + (waits.at(-1) ?? WAITS.firstMs);
  return parkContinuation(tx, { clock, random }, failed, { turn: failed.turn, until, label: `another try, as run ${failed.id} could not have a server` });
}

function couldNotHave({ status, error, failures }: Run): boolean {
  return ["partial", "pending", "needs-attention", "failed"].includes(status) && [error, ...failures.map((failure) => failure.error)].some((one) => one !== null && NOT_HAD.has(one.code));
}

/** How many runs of this root failed in a row because they could not have a server. */
async function triesOf(tx: StoreTx, { id, rootRunId }: Run): Promise<number> {
  const others = (await tx.listRuns({ rootRunId, limit: LOOKED_BACK })).filter((run) => run.id !== id);
  const ended = others.findIndex((run) => !couldNotHave(run));
  return 1 + (ended === -1 ? others.length : ended);
}
