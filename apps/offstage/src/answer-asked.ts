import { answerRequests } from "offstage/effects";
import { answerApproval, type ApprovalWait } from "offstage/host";
import type { ApprovalRequest } from "offstage/model";
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
  readonly now: number;
  /** How long a grant holds; `grants.maxAge`. */
  readonly maxAgeMs: number;
}

/** What was answered, and the runs that can go on now: a write that was refused keeps no run waiting, an `approve()` does. */
export interface Answered {
  readonly answered: readonly { readonly id: string; readonly label: string }[];
  /** Answered by somebody else meanwhile. */
  readonly late: readonly ApprovalRequest[];
  /** They were answered inside: they go on themselves. */
  readonly asking: readonly string[];
  /** They ended at what is permitted now: they are continued by others. */
  readonly permitted: readonly string[];
}

/** The one way in which people answer, from wherever they do. Errors: `REQUEST_UNKNOWN`, `ANSWER_NOT_ALLOWED`. */
export async function answerAsked(store: Store, { requests, approvals }: Asked, { answer, by, why, now, maxAgeMs }: Said): Promise<Answered> {
  const reason = why === undefined ? {} : { why };
  const answered = requests.length === 0 ? [] : await answerRequests(store, requests.map(({ id }) => id), { verdict: answer, by, ...reason, now, maxAgeMs });
  const asking: string[] = [];
  for (const { id } of approvals) asking.push(...(await answerApproval(store, id, { verdict: answer === "deny" ? "denied" : "approved", by, ...reason, at: now })));
  const done = new Set(answered.map(({ id }) => id));
  return {
    answered: [...answered, ...approvals],
    late: requests.filter(({ id }) => !done.has(id)),
    asking: [...new Set(asking)],
    permitted: answer === "deny" ? [] : [...new Set(answered.map(({ runId }) => runId))].filter((id) => !asking.includes(id)),
  };
}
