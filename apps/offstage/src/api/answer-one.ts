import { OffstageError } from "offstage/base";
import { type ApprovalWait, goOnWithGrant } from "offstage/host";
import { type AnswerWay, type ApprovalRequest, type Approvers, countApprovers } from "offstage/model";
import type { Store } from "offstage/state";
import { answerAsked, type Asked } from "../answer-asked.ts";
import { ApiError } from "./problem.ts";
import type { ApiStage } from "./stage.ts";

/** What one person says over HTTP, by a token or by a link. */
export interface OneAnswer {
  readonly id: string;
  readonly verdict: "approve" | "deny";
  readonly by: string;
  readonly why?: string;
  readonly way: AnswerWay;
}

/** An answer as it is kept. */
interface KeptAnswer {
  readonly id: string;
  readonly verdict: "approve" | "deny";
  readonly by: string;
  readonly why: string | null;
  /** Ms since the epoch. */
  readonly at: number;
}

/** The write or the question of an id, open or not. Errors: `REQUEST_UNKNOWN`. */
export async function findAsked(store: Store, id: string): Promise<Asked> {
  const asked = await store.transact({ durable: false, reads: true }, async (tx): Promise<Asked> => {
    const request = await tx.getRequest(id);
    if (request !== null) return { requests: [request], approvals: [] };
    const waits = await tx.listWaits({ kind: "approval", limit: Number.MAX_SAFE_INTEGER });
    return { requests: [], approvals: waits.filter((wait): wait is ApprovalWait => wait.kind === "approval" && wait.id === id) };
  });
  if (asked.requests.length + asked.approvals.length === 0) throw new OffstageError("REQUEST_UNKNOWN", `Nothing of this id waits for a person: ${id}.`);
  return asked;
}

/**
 * Answers one thing that waits for a person, and has its runs go on. Whoever was not told that it was done, a process that was killed or a connection that broke, says the
 * same again: the answer is kept once, and what was left to do is done. Errors: `REQUEST_UNKNOWN` (404; 409 when somebody else has answered, or said something else),
 * `ANSWER_NOT_ALLOWED`.
 */
export async function answerOne(stage: Pick<ApiStage, "store" | "environment" | "approving">, given: OneAnswer): Promise<KeptAnswer & { readonly runs: readonly string[]; /** How many people more have to permit it. */ readonly missing: number }> {
  const { store, environment } = stage;
  const { grantMaxAgeMs: maxAgeMs, approvers } = stage.approving();
  const { redactor, bell } = environment;
  const { id, verdict, way } = given;
  const by = redactor.redact(given.by);
  const asked = await findAsked(store, id);
  const earlier = keptAnswer(asked);
  const takenBack = earlier?.verdict === "deny" && verdict === "approve" && way !== "link" && asked.requests.length > 0;
  if (earlier === null || takenBack) {
    await answerAsked(store, environment, asked, { answer: verdict, by, way, maxAgeMs, approvers, ...(given.why === undefined ? {} : { why: redactor.redact(given.why) }) });
  }
  const now = await findAsked(store, id);
  const kept = keptAnswer(now);
  const partly = ownAnswer(now, by);
  if (kept === null && partly?.verdict === verdict) return { ...partly, id, runs: [], missing: missingOf(now, approvers) };
  if (kept?.verdict !== verdict || (kept.by !== by && partly?.verdict !== verdict)) throw answeredOtherwise(id, kept);
  const runs = await goOn(stage, now, kept);
  bell?.ring();
  return { ...(kept.by === by ? kept : { ...kept, ...partly }), runs, missing: 0 };
}

function keptAnswer({ requests: [request], approvals: [approval] }: Asked): KeptAnswer | null {
  if (request !== undefined) return keptOfRequest(request);
  if (approval?.answer == null) return null;
  const { verdict, by, why = null, at } = approval.answer;
  return { id: approval.id, verdict: verdict === "approved" ? "approve" : "deny", by, why, at };
}

function keptOfRequest({ id, status, answeredAt, answeredBy, answeredWhy }: ApprovalRequest): KeptAnswer | null {
  if (answeredAt === null || answeredBy === null) return null;
  return { id, verdict: status === "denied" ? "deny" : "approve", by: answeredBy, why: answeredWhy, at: answeredAt };
}

/** What somebody said to a write that several have to permit. */
function ownAnswer({ requests: [request] }: Asked, by: string): Omit<KeptAnswer, "id"> | null {
  const own = request?.answers.findLast((one) => one.by === by);
  return own === undefined ? null : { verdict: own.verdict, by, why: own.why, at: own.at };
}

/** Who may not permit it any more does not count. */
function missingOf({ requests: [request] }: Asked, approvers: Approvers): number {
  return request === undefined ? 0 : request.count - countApprovers(request.answers, request.by, approvers);
}

/** A run that asked a question goes on by itself. A grant that no run goes on with, though none of its root is at work, is gone on with now. */
async function goOn({ store, environment }: Pick<ApiStage, "store" | "environment">, { requests: [request], approvals }: Asked, { verdict }: KeptAnswer): Promise<readonly string[]> {
  if (request === undefined) return approvals.map(({ runId }) => runId);
  if (verdict === "deny") return [];
  if (request.continuedBy !== null || request.status !== "approved") return [request.continuedBy ?? request.runId];
  return store.transact({ durable: true }, async (tx) => {
    const now = (await tx.getRequest(request.id)) ?? request;
    const granted = now.status === "approved" && now.continuedBy === null ? await goOnWithGrant(tx, environment, now) : now;
    if (granted !== now) await tx.putRequest(granted);
    return [granted.continuedBy ?? granted.runId];
  });
}

function answeredOtherwise(id: string, kept: KeptAnswer | null): ApiError {
  if (kept === null) return new ApiError(409, "REQUEST_UNKNOWN", `${id} is not open any more: something newer took its place.`);
  return new ApiError(409, "REQUEST_UNKNOWN", `${id} was answered by ${kept.by} at ${new Date(kept.at).toISOString()}: ${kept.verdict}.`);
}
