import type { Approvers } from "./approvers.ts";
import type { RecordAction } from "./identity.ts";

/** The project's rules over effects, from `offstage.yaml`; the first rule that matches decides. */
export interface Policy {
  readonly rules: readonly PolicyRule[];
  /** How long a plan may wait for its apply. */
  readonly planMaxAgeMs: number;
  /** How long a grant holds. */
  readonly grantMaxAgeMs: number;
  /** Believe a server's own `readOnlyHint`. */
  readonly trustHints: boolean;
  /** Updates and releases of one run beyond the larger of `count` and `share` of the bindings are held. */
  readonly guard: { readonly count: number; readonly share: number };
  /** Who may answer what is held for a person. */
  readonly approvers: Approvers;
}

/** Absent fields match everything; `*` in a name matches any run of characters. */
export interface PolicyRule {
  readonly verdict: "allow" | "deny" | "approve";
  readonly workflow?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly record?: string;
  readonly action?: RecordAction | "recreate" | "call" | "start";
  /** With `approve`: who has to permit it, people and groups; anybody without it. */
  readonly by?: readonly string[];
  /** With `approve`: how many different people; 1 without it. */
  readonly count?: number;
}

/** What applies when `offstage.yaml` says nothing. */
export const DEFAULT_POLICY: Policy = {
  rules: [],
  planMaxAgeMs: 3_600_000,
  grantMaxAgeMs: 7 * 86_400_000,
  trustHints: false,
  guard: { count: 5, share: 0.1 },
  approvers: { groups: {}, fourEyes: false },
};
