import { newRunId } from "../base/index.ts";
import type { Run, Wait } from "../model/index.ts";
import type { StoreTx } from "../state/index.ts";
import type { Environment } from "./environment.ts";
import { keepWaits } from "./keep-waits.ts";
import { continuationOf } from "./new-run.ts";

/** The wait of a run that has not begun; no step of a program has this key. */
const BEGIN = "again";

/** What a run that ended is to be continued with, by itself: from when on (ms; null: when something wakes it), why, and whose turn it keeps. */
export interface Later extends Pick<Run, "turn"> {
  readonly until: number | null;
  readonly label: string;
}

/** The continuation of a run that ended, parked until its time, with what is known to be held. Stored; call it in the transaction that stores the end. */
export async function parkContinuation(tx: StoreTx, { clock, random }: Pick<Environment, "clock" | "random">, ended: Run, { turn, until, label }: Later): Promise<Run> {
  const now = clock.now();
  const id = newRunId(now, random);
  const wait: Wait = { kind: "sleep", id: newRunId(now, random), runId: id, rootRunId: ended.rootRunId, workflow: ended.workflow, step: BEGIN, hash: "", label, since: now, until, status: "open" };
  const next: Run = { ...continuationOf(ended, id, now), status: "parked", turn, held: ended.held, waits: [toRunWait(wait)] };
  await tx.putRun(next);
  await tx.putWait(wait);
  await keepWaits(tx, ended, next);
  return next;
}

function toRunWait({ id, kind, step, label, since, until }: Wait): Run["waits"][number] {
  return { id, kind, step, label, since, until };
}

/** Lets a run that has not begun go on now, whatever it waits for; where it waits for nothing, nothing changes. */
export async function wakeToBegin(tx: StoreTx, runId: string): Promise<boolean> {
  const wait = await tx.getWait(runId, BEGIN);
  if (wait === null) return false;
  await tx.putWait({ ...wait, status: "ready" });
  return true;
}

/** Whether a parked run has not begun: it waits for its time. */
export function isToBegin({ waits }: Pick<Run, "waits">): boolean {
  return waits.some(({ step }) => step === BEGIN);
}
