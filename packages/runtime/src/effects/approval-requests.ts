import { OffstageError } from "../base/index.ts";
import { isShownFor } from "../gate/index.ts";
import type { ApprovalRequest, EffectRequest } from "../model/index.ts";
import type { Store, StoreTx } from "../state/index.ts";
import type { EffectsRun } from "./ports.ts";

/** What {@link openRequest} asks for. */
export interface Question {
  readonly effect: string;
  readonly argsHash: string;
  readonly request: EffectRequest;
  readonly target: string;
  readonly reason: string;
}

/**
 * Asks a person for one effect: one open request per identity, and newer arguments or another place replace it. What was asked with the
 * same arguments and is open for the same place, or was denied, is not asked again.
 */
export async function openRequest(tx: StoreTx, asked: readonly ApprovalRequest[], question: Question, run: EffectsRun, options: { readonly id: string; readonly now: number }): Promise<void> {
  const { effect, argsHash, request, target, reason } = question;
  if (asked.some((earlier) => earlier.argsHash === argsHash && ((earlier.status === "open" && isShownFor(earlier, question)) || earlier.status === "denied"))) return;
  for (const earlier of asked) if (earlier.status === "open" || earlier.status === "approved") await tx.putRequest({ ...earlier, status: "replaced" });
  await tx.putRequest({
    id: options.id, effect, argsHash, args: request.args.value, server: request.call?.server ?? request.server, tool: request.call?.tool ?? null, target, workflow: run.workflow, runId: run.id, rootRunId: run.rootRunId, label: request.label, reason,
    openedAt: options.now, status: "open", answeredAt: null, answeredBy: null, answeredWhy: null, expiresAt: null,
  });
}

/** A person's answer. Times in milliseconds since the epoch. */
export interface RequestAnswer {
  readonly verdict: "approve" | "deny";
  readonly by: string;
  /** What the person says to it. */
  readonly why?: string;
  readonly now: number;
  /** How long a grant holds; `policy.grantMaxAgeMs`. */
  readonly maxAgeMs: number;
}

/**
 * Stores a person's answer to requests that are open, or a yes to ones that were denied: all in one transaction, so that no other
 * answer comes between. Needs no lease: it only adds; the next run (or continuation) sees it. Returns those that were answered;
 * the others are not open any more. Throws `REQUEST_UNKNOWN` when there is no such request.
 */
export function answerRequests(store: Store, requestIds: readonly string[], answer: RequestAnswer): Promise<readonly ApprovalRequest[]> {
  return store.transact({ durable: true }, async (tx) => {
    const answered: ApprovalRequest[] = [];
    for (const id of requestIds) {
      const request = await tx.getRequest(id);
      if (request === null) throw new OffstageError("REQUEST_UNKNOWN", `There is no approval request ${id}.`, { hint: "`offstage approve` lists what is open." });
      if (!mayAnswer(request, answer)) continue;
      const approved = answer.verdict === "approve";
      const now: ApprovalRequest = { ...request, status: approved ? "approved" : "denied", answeredAt: answer.now, answeredBy: answer.by, answeredWhy: answer.why ?? null, expiresAt: approved ? answer.now + answer.maxAgeMs : null };
      await tx.putRequest(now);
      answered.push(now);
    }
    return answered;
  });
}

/** A no can be taken back; whatever else was answered stays so. */
function mayAnswer({ status }: ApprovalRequest, { verdict }: RequestAnswer): boolean {
  return status === "open" || (status === "denied" && verdict === "approve");
}
