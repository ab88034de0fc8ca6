import { newRunId } from "../base/index.ts";
import { isEnded, type Run } from "../model/index.ts";
import type { StoreTx } from "../state/index.ts";
import { runUnknown } from "./ask-to-end.ts";
import type { Environment } from "./environment.ts";
import { keepWaits } from "./keep-waits.ts";
import { continuationOf } from "./new-run.ts";

/** The run that goes on from where a run is: itself while it is not at its end, else a continuation of its root. It is not stored yet. Errors: `RUN_UNKNOWN`. */
export async function continueRun(tx: StoreTx, { clock, random }: Pick<Environment, "clock" | "random">, runId: string): Promise<Run> {
  const found = await tx.getRun(runId);
  if (found === null) throw runUnknown(runId);
  const previous = wokenRun(found);
  if (!isEnded(previous.status)) return previous;
  const next = continuationOf(previous, newRunId(clock.now(), random), clock.now());
  await keepWaits(tx, previous, next);
  return next;
}

/** A parked run that is to go on; any other as it is. */
export function wokenRun(run: Run): Run {
  return run.status === "parked" ? { ...run, status: "running", waits: [] } : run;
}
