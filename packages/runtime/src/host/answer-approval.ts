import { OffstageError } from "../base/index.ts";
import { refuseOthers, whyOthers } from "../effects/index.ts";
import { type ApprovalAnswer, type Approvers, DEFAULT_POLICY, type Wait } from "../model/index.ts";
import type { Store } from "../state/index.ts";
import { isPast } from "./waits.ts";

/** A step that waits for a person. */
export type ApprovalWait = Extract<Wait, { readonly kind: "approval" }>;

const ALL = Number.MAX_SAFE_INTEGER;

/** What workflows ask of people now, oldest first. One whose time is over is not asked any more, also when its run has not seen that yet. */
export async function openApprovals(store: Store, now: number): Promise<readonly ApprovalWait[]> {
  const waits = await store.transact({ durable: false, reads: true }, (tx) => tx.listWaits({ kind: "approval", status: ["open"], limit: ALL }));
  return waits.flatMap((wait) => (wait.kind === "approval" && !isPast(wait, now) ? [wait] : [])).toReversed();
}

/**
 * Stores a person's answer to a step that waits for one, and to every other run that asks the same at the same place, unless its answer has to be somebody else's. Needs no
 * lease: whoever drives the runs next goes on with them. Gives the runs that can. Errors: `REQUEST_UNKNOWN` when it is not open
 * (any more), `ANSWER_NOT_ALLOWED` when others were named to answer.
 */
export function answerApproval(store: Store, id: string, answer: ApprovalAnswer, approvers: Approvers = DEFAULT_POLICY.approvers): Promise<readonly string[]> {
  return store.transact({ durable: true }, async (tx) => {
    const open = (await tx.listWaits({ kind: "approval", status: ["open"], limit: ALL })).flatMap((wait) => (wait.kind === "approval" ? [wait] : []));
    const asked = open.find((wait) => wait.id === id);
    if (asked === undefined) throw new OffstageError("REQUEST_UNKNOWN", `No run waits for an answer to ${id}.`, { hint: "`offstage approve` lists what is open." });
    if (isPast(asked, answer.at)) {
      throw new OffstageError("REQUEST_UNKNOWN", `${id} could be answered until ${new Date(asked.until ?? 0).toISOString()}.`, { hint: "Its run goes on without an answer: `offstage resume`." });
    }
    await refuseOthers(tx, asked, answer.by, approvers);
    const same = open.filter((wait) => wait.topic === asked.topic && wait.hash === asked.hash && !isPast(wait, answer.at));
    const answered: ApprovalWait[] = [];
    // One that this person started asks somebody else still.
    for (const wait of same) if (wait === asked || (await whyOthers(tx, wait, answer.by, approvers)) === null) answered.push(wait);
    for (const wait of answered) await tx.putWait({ ...wait, status: "ready", answer });
    return answered.map((wait) => wait.runId);
  });
}
