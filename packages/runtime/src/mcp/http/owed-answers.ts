/**
 * Answers that a lost stream still owes. The SDK fetches the rest of such a stream by the id of its last event (MCP, transports:
 * resumability), gives up after some failures, and tells nobody: the call would wait for its timeout.
 */
export interface OwedAnswers {
  /** An event of this id came on the stream that owes the answer to `asked`. */
  seen(eventId: string, asked: string | number): void;
  /** It was answered, or nobody waits for it any more. */
  settled(asked: string | number): void;
  /** Which request the rest behind this event is of; null: none that is known. */
  of(eventId: string | null): string | number | null;
  /** An attempt to fetch the rest failed; true when it was the last one. */
  failed(asked: string | number): boolean;
}

interface Owed {
  eventId: string;
  failures: number;
}

/** See {@link OwedAnswers}. One for each connection; `tries` is how often the SDK asks. */
export function createOwedAnswers(tries: number): OwedAnswers {
  const owed = new Map<string | number, Owed>();
  return {
    seen: (eventId, asked) => void owed.set(asked, { eventId, failures: 0 }),
    settled: (asked) => void owed.delete(asked),
    of(eventId) {
      for (const [asked, one] of owed) if (one.eventId === eventId) return asked;
      return null;
    },
    failed(asked) {
      const one = owed.get(asked);
      if (one === undefined || ++one.failures < tries) return false;
      owed.delete(asked);
      return true;
    },
  };
}
