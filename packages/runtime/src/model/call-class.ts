/** What the profile, the policy and the hints say of one call with its final arguments. What cannot be decided is a write. */
export interface CallClass {
  /** `prepare` changes nothing that others see: called while planning, like a read. */
  readonly effect: "read" | "prepare" | "write";
  /** Repeating it with the same arguments does nothing more. */
  readonly idempotent: boolean;
  /** A read that sees every write at once: what it does not find is not there. */
  readonly consistent: boolean;
  /** A read that sees every write after so many milliseconds; null: never to be relied on. */
  readonly lagMs: number | null;
  /** Tools of the same server whose answers this write makes stale. */
  readonly affects: readonly string[];
  /** `none`: cannot be undone. null: the profile does not say. Anything else says how. */
  readonly undo: string | null;
}
