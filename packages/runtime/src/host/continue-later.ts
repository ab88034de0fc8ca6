import { hashJson } from "../base/index.ts";
import { dayOf } from "../gate/index.ts";
import { isEnded, type Run } from "../model/index.ts";
import { pausedNames, type StoreTx } from "../state/index.ts";
import type { Environment } from "./environment.ts";
import { isToBegin, parkContinuation } from "./park-continuation.ts";

/** How many of a workflow's parked runs are looked at for one that is there for the same already. */
const LOOK = 100;
/** More than ever continue one run. */
const CONTINUED = 10_000;

/**
 * The run that goes on when the time comes for which the policy let writes of an ended one wait, when the day is over whose limit it met, or a pause; null where it let none, or one is there for the same. A schedule that comes all
 * night leaves one: what the first of its runs goes on with is what the later ones would. Made in the transaction that stores the end.
 */
export async function continueLater(tx: StoreTx, environment: Pick<Environment, "clock" | "random">, ended: Run): Promise<Run | null> {
  if (ended.status === "failed" && ended.error?.code === "LIMIT_WRITES_PER_DAY") return afterTheDay(tx, environment, ended);
  const pauses = [...new Set(ended.held.flatMap(({ paused }) => paused ?? []))];
  if (pauses.length > 0 && isOnce(ended)) return whenUnpaused(tx, environment, ended, pauses);
  const times = ended.held.flatMap(({ until }) => until ?? []);
  if (times.length === 0 || ended.phase !== "run" || !isLeft(ended) || (await isContinued(tx, ended)) || (await isThere(tx, ended))) return null;
  return parkContinuation(tx, environment, ended, { turn: null, until: Math.min(...times), label: "the time at which the policy permits its writes" });
}

/** An event is not lost for the day's limit: tomorrow has room again; and it keeps its turn, so that later events of its key come after it. The next time of a schedule comes anyway, and who called hears of it. */
async function afterTheDay(tx: StoreTx, environment: Pick<Environment, "clock" | "random">, ended: Run): Promise<Run | null> {
  if (ended.phase !== "run" || !isOnce(ended) || (await isContinued(tx, ended))) return null;
  return parkContinuation(tx, environment, ended, { turn: ended.turn, until: dayOf(environment.clock.now()).until, label: "the next day, since today's limit of writes is met" });
}

/** Nor for a pause: what it held goes on when that is lifted ({@link liftPauses}), at once where it was since; in its turn, so that a pause of hours leaves one run of a key, and what came meanwhile in its order. */
async function whenUnpaused(tx: StoreTx, environment: Pick<Environment, "clock" | "random">, ended: Run, pauses: readonly string[]): Promise<Run | null> {
  if (ended.phase !== "run" || !isLeft(ended) || (await isContinued(tx, ended))) return null;
  const paused = await pausedNames(tx);
  const until = pauses.every((name) => paused.includes(name)) ? null : environment.clock.now();
  return parkContinuation(tx, environment, ended, { turn: ended.turn, until, label: `the end of the pause of ${pauses.map((name) => (name === "*" ? "everything" : name)).join(" and ")}` });
}

/** It comes once: no next time of a schedule, and nobody who was told of its end. */
function isOnce({ event: { kind } }: Run): boolean {
  return kind !== "call" && kind !== "schedule";
}

function isLeft({ status }: Run): boolean {
  return status === "pending" || status === "needs-attention";
}

/** Something else has it go on already, a grant that was given meanwhile: what that run leaves is continued at its end. */
async function isContinued(tx: StoreTx, { id, rootRunId }: Run): Promise<boolean> {
  return (await tx.listRuns({ rootRunId, limit: CONTINUED })).some((other) => other.id !== id && !isEnded(other.status));
}

async function isThere(tx: StoreTx, { workflow, event, programHash, inputs, held }: Run): Promise<boolean> {
  if (event.kind !== "schedule") return false;
  const parked = await tx.listRuns({ status: ["parked"], workflow, limit: LOOK });
  return parked.some((other) => {
    const waiting = new Set(other.held.map(({ effect }) => effect));
    return isToBegin(other) && other.event.kind === "schedule" && other.programHash === programHash && hashJson(other.inputs) === hashJson(inputs) && held.every(({ effect }) => waiting.has(effect));
  });
}
