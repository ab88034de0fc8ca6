/**
 * What makes one write the same write, for ever or for one root run (LANGUAGE.md §5). Two requests with equal identities
 * are one effect: it is performed once.
 */
export type EffectIdentity =
  /** A write on a record's binding. `revision` counts the settled actions on it, so that A → B → A is three updates. */
  | { readonly kind: "record"; readonly scope: string; readonly record: string; readonly key: string; readonly generation: number; readonly action: RecordAction; readonly revision: number }
  | OnceIdentity
  /** The starting of a run of its own: `scope` is that of the workflow that is started, whoever starts it. */
  | { readonly kind: "start"; readonly scope: string; readonly key: string }
  /** A write without a lasting identity: the same step of the same root run. */
  | { readonly kind: "step"; readonly rootRun: string; readonly step: string };

/** `once(key, …)`. `window` is the number of the `for:` window since the epoch, null for ever. */
export interface OnceIdentity {
  readonly kind: "once";
  readonly scope: string;
  readonly key: string;
  readonly window: number | null;
}

/** What a record can do to its target. `adopt` makes no call. */
export type RecordAction = "create" | "adopt" | "update" | "release" | "reopen";

/** SHA-256 (hex) of the identity's canonical JSON: the ledger's primary key. Made by `effectId`. */
export type EffectId = string;

/** The journal's address of a step: the path of call sites and loop keys that leads to it, `each#1[PR_7]/ticket.ensure#1`. */
export type StepKey = string;

/** Which record, which identity. `scope` is a workflow's scope (its first name) or `"project"`. */
export interface RecordKey {
  readonly scope: string;
  readonly record: string;
  readonly key: string;
}
