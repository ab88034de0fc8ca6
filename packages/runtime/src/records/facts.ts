import type { RecordAction } from "../model/index.ts";

/** What was observed in this attempt to ensure or release one identity. Begin with {@link NO_FACTS}. */
export interface RecordFacts {
  /** What `find` gave; `unknown` when its arguments derive from a held write. */
  readonly found: FindFacts | "unknown" | null;
  /** What `read` gave; `unknown` when a held write made it stale. */
  readonly read: ReadFacts | "unknown" | null;
  /** What `same` said of the value read. */
  readonly same: boolean | "unknown" | null;
  /** An update was bound in this attempt: another difference is no reason for another update. */
  readonly updated: boolean;
}

/** The answer of `find`. */
export interface FindFacts {
  /** Hash of the target's part of `keep` for each item found, in the order found; {@link RecordFacts} of one attempt keep the items beside it. */
  readonly targetKeys: readonly string[];
  readonly askedAt: number;
  /** See {@link provesAfterMs}. */
  readonly provesAfterMs: number | null;
}

/** The answer of `read`. */
export interface ReadFacts {
  readonly gone: boolean;
  readonly askedAt: number;
  readonly provesAfterMs: number | null;
}

/** Nothing was observed yet. */
export const NO_FACTS: RecordFacts = { found: null, read: null, same: null, updated: false };

/** What stays true after a write was performed: what was seen before it proves nothing about after it. */
export function factsAfterWrite(facts: RecordFacts, action: RecordAction): RecordFacts {
  return { found: action === "adopt" ? facts.found : null, read: null, same: null, updated: facts.updated };
}
