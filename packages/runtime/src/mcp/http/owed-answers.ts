/**
 * Answers that a lost stream still owes. The SDK fetches the rest of such a stream by the id of its last event (MCP, transports:
 * resumability), gives up after some failures, and tells nobody: the call would wait for its timeout. Nor does it ever stop fetching what
 * nobody waits for any more.
 */
export interface OwedAnswers {
  /** An event of this id came on the stream that owes the answer to `asked`. */
  seen(eventId: string, asked: string | number): void;
  /** It was answered. */
  settled(asked: string | number): void;
  /** Nobody waits for it any more. */
  giveUp(asked: string | number): void;
  /** Which request the rest behind this event is of; null: none that is known, or no single one. */
  of(eventId: string | null): OwedAnswer | null;
  /** An attempt to fetch the rest failed; true when it was the last one. */
  failed(asked: string | number): boolean;
}

/** One of them. */
export interface OwedAnswer {
  readonly asked: string | number;
  /** The rest is fetched from behind this event on. */
  readonly eventId: string;
  readonly isGivenUp: boolean;
}

/** So many that were given up are remembered: each is asked for once more, half a minute later at most. */
const MOST_GIVEN_UP = 256;

/** See {@link OwedAnswers}. One for each connection; `tries` is how often the SDK asks. */
export function createOwedAnswers(tries: number): OwedAnswers {
  const owed = new Map<string | number, { eventId: string; failures: number }>();
  // In the order in which they were given up.
  const givenUp = new Map<string | number, string>();
  return {
    seen: (eventId, asked) => void owed.set(asked, { eventId, failures: 0 }),
    settled(asked) {
      owed.delete(asked);
      givenUp.delete(asked);
    },
    giveUp(asked) {
      const one = owed.get(asked);
      if (one === undefined) return;
      owed.delete(asked);
      givenUp.set(asked, one.eventId);
      for (const oldest of givenUp.keys()) if (givenUp.size > MOST_GIVEN_UP) givenUp.delete(oldest);
    },
    of(eventId) {
      // Ids are unique in a session; where a server breaks that, nobody is told what became of somebody else's answer.
      const found: OwedAnswer[] = [];
      for (const [asked, one] of owed) if (one.eventId === eventId) found.push({ asked, eventId, isGivenUp: false });
      for (const [asked, last] of givenUp) if (last === eventId) found.push({ asked, eventId, isGivenUp: true });
      const [one] = found;
      if (one === undefined || found.length > 1) return null;
      if (one.isGivenUp) givenUp.delete(one.asked);
      return one;
    },
    failed(asked) {
      const one = owed.get(asked);
      if (one === undefined || ++one.failures < tries) return false;
      owed.delete(asked);
      return true;
    },
  };
}
