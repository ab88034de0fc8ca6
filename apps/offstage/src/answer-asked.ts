import { answerRequests } from "offstage/effects";
import { answerApproval, type ApprovalWait, type Environment, goOnWithGrant } from "offstage/host";
import type { AnswerWay, ApprovalRequest, Approvers } from "offstage/model";
import type { Store } from "offstage/state";

/** What people are asked: by the policy, to permit a write; by workflows themselves, in `approve()`. */
export interface Asked {
  readonly requests: readonly ApprovalRequest[];
  readonly approvals: readonly ApprovalWait[];
}

/** What a person says to it. */
export interface Said {
  readonly answer: "approve" | "deny";
  /** Without a registered secret, as {@link why}: both are kept. */
  readonly by: string;
  readonly why?: string;
  readonly way: AnswerWay;
  /** How long a grant holds; `grants.maxAge`. */
  readonly maxAgeMs: number;
  readonly approvers: Approvers;
  /** The grant is only recorded: the next run that comes to it uses it. */
  readonly later?: boolean;
}

/** What was answered, and the runs that go on with it. */
export interface Answered {
  readonly answered: readonly { readonly id: string; readonly label: string }[];
  /** Of them those that more people have to permit. */
  readonly partly: readonly ApprovalRequest[];
  /** Answered by somebody else meanwhile. */
  readonly late: readonly ApprovalRequest[];
  /** They were answered inside: they go on themselves. */
  readonly asking: readonly string[];
  /** Those that go on with what is permitted now: made in the transaction that permitted it, or still at work, so that their end makes one. */
  readonly permitted: readonly string[];
}

/** The one way in which people answer, from wherever they do. Errors: `REQUEST_UNKNOWN`, `ANSWER_NOT_ALLOWED`. */
export async function answerAsked(store: Store, making: Pick<Environment, "clock" | "random">, { requests, approvals }: Asked, { answer, by, why, way, maxAgeMs, approvers, later = false }: Said): Promise<Answered> {
  const reason = why === undefined ? {} : { why };
  const now = making.clock.now();
  const answered = requests.length === 0 ? [] : await answerRequests(store, requests.map(({ id }) => id), {
    verdict: answer, by, ...reason, way, now, maxAgeMs, approvers,
    permitted: async (tx, granted) => (later ? { ...granted, continuedBy: granted.runId } : goOnWithGrant(tx, making, granted)),
  });
  const asking: string[] = [];
  for (const { id } of approvals) asking.push(...(await answerApproval(store, id, { verdict: answer === "deny" ? "denied" : "approved", by, ...reason, at: now, way }, approvers)));
  const done = new Set(answered.map(({ id }) => id));
  return {
    answered: [...answered, ...approvals],
    partly: answered.filter(({ status }) => status === "open"),
    late: requests.filter(({ id }) => !done.has(id)),
    asking: [...new Set(asking)],
    permitted: [...new Set(answered.flatMap(({ status, continuedBy, runId }) => (status === "approved" ? [continuedBy ?? runId] : [])))].filter((id) => !asking.includes(id)),
  };
}
