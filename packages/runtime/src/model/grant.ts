import type { Data } from "../base/index.ts";
import type { PersonAnswer } from "./approvers.ts";
import type { EffectId } from "./identity.ts";

/**
 * A person is asked to permit one effect with these arguments at this place. One open request per identity; newer arguments replace it, and
 * so does another place. A grant is a request that was approved: it permits exactly (effect, argsHash, server, tool, target) until it expires.
 */
export interface ApprovalRequest {
  readonly id: string;
  readonly effect: EffectId;
  readonly argsHash: string;
  readonly args: Data;
  /** Where it goes: what a person permits is this call there. `tool` is null for an adoption, which calls nothing. */
  readonly server: string;
  readonly tool: string | null;
  readonly target: string;
  readonly workflow: string;
  readonly runId: string;
  readonly rootRunId: string;
  readonly label: string;
  readonly reason: string;
  readonly openedAt: number;
  readonly status: "open" | "approved" | "denied" | "replaced" | "used";
  readonly answeredAt: number | null;
  readonly answeredBy: string | null;
  /** What that person said to it; null: nothing. */
  readonly answeredWhy: string | null;
  /** When a grant stops permitting; null until approved. */
  readonly expiresAt: number | null;
  /** Who may answer: names of people and of groups; null: anybody. */
  readonly by: readonly string[] | null;
  /** How many people have to permit it. */
  readonly count: number;
  /** What people said so far, oldest first; `answered…` above is the answer that settled it. */
  readonly answers: readonly PersonAnswer[];
  /** The run that goes on with the grant; null while there is none: the end of the run that goes on makes it. */
  readonly continuedBy: string | null;
  /** The message that tells people of it; null: none was made yet. */
  readonly notice: string | null;
}
