/**
 * A server asked for what it does not get. Not an `OffstageError`: those say that nothing was sent, and the call that it asks about has
 * reached it.
 */
export class Unanswered extends Error {
  /** JSON-RPC's, as the protocol has it for a person's refusal. */
  readonly code = -1;
}

/** What went wrong after a call had reached its server and was asked back: whatever the reason is, something was sent. */
export class AfterFirstRound extends Error {
  constructor(cause: unknown) {
    super("a call was not completed after its server had asked back", { cause });
  }
}
