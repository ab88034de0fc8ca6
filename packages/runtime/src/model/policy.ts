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
}

/** Absent fields match everything; `*` in a name matches any run of characters. */
export interface PolicyRule {
  readonly verdict: "allow" | "deny" | "approve";
  readonly workflow?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly record?: string;
  readonly action?: RecordAction | "recreate" | "call" | "start";
}

/** What applies when `offstage.yaml` says nothing. */
export const DEFAULT_POLICY: Policy = {
  rules: [],
  planMaxAgeMs: 3_600_000,
  grantMaxAgeMs: 7 * 86_400_000,
  trustHints: false,
  guard: { count: 5, share: 0.1 },
};
