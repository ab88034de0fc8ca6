import type { Binding, LedgerEntry, RecordKey } from "../model/index.ts";

/** What the store knows of one identity of a record. Read again after every perform, settle and bind. */
export interface RecordView {
  readonly key: RecordKey;
  readonly binding: Binding | null;
  /** The newest effect of the identity that is not settled into the binding: interrupted, ambiguous, or done and not yet bound. */
  readonly open: LedgerEntry | null;
  /** Targets that older generations than the binding's created: `find` may see them still, a new generation never takes them. */
  readonly formerTargets: readonly string[];
  /** The target of the record's server now. */
  readonly target: string;
  /** Milliseconds since the epoch, for the pure decisions. */
  readonly now: number;
  /** The store was restored from a backup since this epoch began: absence of a row proves nothing. */
  readonly restored: boolean;
}

/** Which optional callbacks a record has; `identity`, `find`, `create` and `keep` it always has. */
export interface RecordAbilities {
  readonly read: boolean;
  readonly same: boolean;
  readonly update: boolean;
  readonly reopen: boolean;
  readonly release: boolean;
}
