import { hashJson, OffstageError } from "../base/index.ts";
import { isShownFor } from "../gate/index.ts";
import { type AnswerWay, type ApprovalRequest, type Approvers, countApprovers, DEFAULT_POLICY, type EffectRequest, isAmong, type PersonAnswer } from "../model/index.ts";
import type { Store, StoreTx } from "../state/index.ts";
import type { EffectsRun } from "./ports.ts";

/** What {@link openRequest} asks for. */
export interface Question {
  readonly effect: string;
  readonly argsHash: string;
  readonly request: EffectRequest;
  readonly target: string;
  readonly reason: string;
  readonly by: readonly string[] | null;
  readonly count: number;
}

/**
 * Asks a person for one effect: one open request per identity, and newer arguments or another place replace it. What was asked with the
 * same arguments and is open for the same place, or was denied, is not asked again.
 */
export async function openRequest(tx: StoreTx, asked: readonly ApprovalRequest[], question: Question, run: EffectsRun, options: { readonly id: string; readonly now: number }): Promise<void> {
  const { effect, argsHash, request, target, reason, by, count } = question;
  const same = asked.find((earlier) => earlier.argsHash === argsHash && ((earlier.status === "open" && isShownFor(earlier, question)) || earlier.status === "denied"));
  if (same !== undefined) {
    // The policy says something else by now of who is asked; what people said stays.
    if (same.status === "open" && (same.count !== count || hashJson(same.by) !== hashJson(by))) await tx.putRequest({ ...same, by, count, reason });
    return;
  }
  for (const earlier of asked) if (earlier.status === "open" || earlier.status === "approved") await tx.putRequest({ ...earlier, status: "replaced" });
  await tx.putRequest({
    id: options.id, effect, argsHash, args: request.args.value, server: request.call?.server ?? request.server, tool: request.call?.tool ?? null, target, workflow: run.workflow, runId: run.id, rootRunId: run.rootRunId, label: request.label, reason,
    openedAt: options.now, status: "open", answeredAt: null, answeredBy: null, answeredWhy: null, expiresAt: null,
    by, count, answers: [], continuedBy: null, notice: null,
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
  /** By which way it came; `cli` without it. */
  readonly way?: AnswerWay;
  /** Who may answer; without it groups have no members, and whoever started a run may. */
  readonly approvers?: Approvers;
  /** Has the run of a request that is permitted now go on: in the transaction of the answer, so that no kill comes between. Gives the row as it is then. */
  readonly permitted?: (tx: StoreTx, request: ApprovalRequest) => Promise<ApprovalRequest>;
}

/**
 * Stores a person's answer to requests that are open, or a yes to ones that were denied: all in one transaction, so that no other
 * answer comes between. Needs no lease: it only adds; the next run (or continuation) sees it. Returns those that were answered, which
 * are open still where more people have to permit them; the others are not open any more. Errors: `REQUEST_UNKNOWN`, `ANSWER_NOT_ALLOWED`; nothing is kept then.
 */
export function answerRequests(store: Store, requestIds: readonly string[], answer: RequestAnswer): Promise<readonly ApprovalRequest[]> {
  return store.transact({ durable: true }, async (tx) => {
    const answered: ApprovalRequest[] = [];
    for (const id of requestIds) {
      const request = await tx.getRequest(id);
      if (request === null) throw new OffstageError("REQUEST_UNKNOWN", `There is no approval request ${id}.`, { hint: "`offstage approve` lists what is open." });
      if (!mayBeAnswered(request, answer)) continue;
      const { approvers = DEFAULT_POLICY.approvers } = answer;
      if (answer.way !== "timeout") await refuseOthers(tx, request, answer.by, approvers);
      const now = answeredRequest(request, answer, approvers);
      answered.push(now.status === "approved" && answer.permitted !== undefined ? await answer.permitted(tx, now) : now);
      await tx.putRequest(answered.at(-1) ?? now);
    }
    return answered;
  });
}

/**
 * Throws `ANSWER_NOT_ALLOWED` when somebody else has to answer what a run asks: others are named, or this one started it.
 */
export async function refuseOthers(tx: StoreTx, asked: AskedOf, name: string, approvers: Approvers): Promise<void> {
  const why = await whyOthers(tx, asked, name, approvers);
  if (why !== null) throw new OffstageError("ANSWER_NOT_ALLOWED", why, { hint: "Who answers is said by --by; over HTTP it is the token's name, and with a link whom it was made for." });
}

/** Who may answer, and what started the run that asks. */
type AskedOf = Pick<ApprovalRequest, "by" | "rootRunId">;

/** Why somebody else has to answer what a run asks; null: this one may. */
export async function whyOthers(tx: StoreTx, { by, rootRunId }: AskedOf, name: string, approvers: Approvers): Promise<string | null> {
  if (by !== null && !isAmong(by, name, approvers)) return `${name} may not answer this; ${by.join(", ")} may.`;
  if (!approvers.fourEyes || !(await startersOf(tx, rootRunId)).includes(name)) return null;
  return `${name} started this run, and somebody else has to answer (approvals.fourEyes).`;
}

/** Who started a run by hand, or the run that started it, or the one before that. */
async function startersOf(tx: StoreTx, runId: string): Promise<readonly string[]> {
  const run = await tx.getRun(runId);
  const event = run?.event;
  if (run == null || event === undefined) return [];
  if (run.rootRunId !== runId) return startersOf(tx, run.rootRunId);
  if (event.by !== undefined) return [event.by];
  // One that an earlier version started does not say it itself.
  return event.kind === "started" ? startersOf(tx, event.run) : [];
}

/** A request with one answer more. The same person counts once, and a no is enough. */
function answeredRequest(request: ApprovalRequest, { verdict, by, why: said, now, maxAgeMs, way = "cli" }: RequestAnswer, approvers: Approvers): ApprovalRequest {
  const why = said ?? null;
  const earlier = request.status === "open" ? request.answers.filter((one) => one.by !== by) : [];
  const answers: readonly PersonAnswer[] = [...earlier, { verdict, by, why, at: now, way }];
  const told = { ...request, answers };
  if (verdict === "deny") return { ...told, status: "denied", answeredAt: now, answeredBy: by, answeredWhy: why, expiresAt: null };
  if (countApprovers(answers, request.by, approvers) < request.count) return { ...told, status: "open", answeredAt: null, answeredBy: null, answeredWhy: null };
  return { ...told, status: "approved", answeredAt: now, answeredBy: by, answeredWhy: why, expiresAt: now + maxAgeMs, continuedBy: null };
}

/** A no can be taken back by whoever knows of it; whatever else was answered stays so. A page behind a link was perhaps opened before the no, and shows none. */
function mayBeAnswered({ status }: ApprovalRequest, { verdict, way }: RequestAnswer): boolean {
  return status === "open" || (status === "denied" && verdict === "approve" && way !== "link");
}
