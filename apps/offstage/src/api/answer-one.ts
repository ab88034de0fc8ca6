import { OffstageError } from "offstage/base";
import { type ApprovalWait, continueRun } from "offstage/host";
import type { ApprovalRequest } from "offstage/model";
import type { Store } from "offstage/state";
import { answerAsked, type Asked } from "../answer-asked.ts";
import { ApiError } from "./problem.ts";
import type { ApiStage } from "./stage.ts";

/** What a token's owner says. */
export interface OneAnswer {
  readonly id: string;
  readonly verdict: "approve" | "deny";
  readonly by: string;
  readonly why?: string;
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
export async function answerOne(stage: ApiStage, given: OneAnswer): Promise<KeptAnswer & { readonly runs: readonly string[] }> {
  const { store, environment: { clock, redactor, bell }, grantMaxAgeMs } = stage;
  const { id, verdict } = given;
  const by = redactor.redact(given.by);
  const asked = await findAsked(store, id);
  const earlier = keptAnswer(asked);
  const takenBack = earlier?.verdict === "deny" && verdict === "approve" && asked.requests.length > 0;
  if (earlier === null || takenBack) {
    await answerAsked(store, asked, { answer: verdict, by, now: clock.now(), maxAgeMs: grantMaxAgeMs, ...(given.why === undefined ? {} : { why: redactor.redact(given.why) }) });
  }
  const now = await findAsked(store, id);
  const kept = keptAnswer(now);
  if (kept?.verdict !== verdict || kept.by !== by) throw answeredOtherwise(id, kept);
  const runs = await goOn(stage, now, kept);
  bell?.ring();
  return { ...kept, runs };
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

/** A run that asked a question goes on by itself. One that ended at what is permitted now is continued, unless something of its root began after that. */
async function goOn({ store, environment }: ApiStage, { requests: [request], approvals }: Asked, { verdict, at }: KeptAnswer): Promise<readonly string[]> {
  if (request === undefined) return approvals.map(({ runId }) => runId);
  if (verdict === "deny") return [];
  return store.transact({ durable: true }, async (tx) => {
    const [latest] = await tx.listRuns({ rootRunId: request.rootRunId, limit: 1 });
    if (latest !== undefined && latest.id !== request.runId && latest.createdAt >= at) return [latest.id];
    const next = await continueRun(tx, environment, request.runId);
    await tx.putRun(next);
    return [next.id];
  });
}

function answeredOtherwise(id: string, kept: KeptAnswer | null): ApiError {
  if (kept === null) return new ApiError(409, "REQUEST_UNKNOWN", `${id} is not open any more: something newer took its place.`);
  return new ApiError(409, "REQUEST_UNKNOWN", `${id} was answered by ${kept.by} at ${new Date(kept.at).toISOString()}: ${kept.verdict}.`);
}
