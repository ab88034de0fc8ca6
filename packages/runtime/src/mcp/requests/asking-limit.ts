/**
 * Ends what asks for ever: a server may ask so often while it owes us answers, and begins anew with each answer that it gives. So a
 * busy server is not limited, and one that only asks is.
 */
export interface AskingLimit {
  /** A request of ours is under way until {@link ended}. */
  began(): void;
  ended(): void;
  /** The server asks once more; false when that is too often. */
  spend(): boolean;
}

/** Questions for each request of ours that waits for its answer. */
export const MOST_QUESTIONS = 100;

/** See {@link AskingLimit}. */
export function createAskingLimit(): AskingLimit {
  let asked = 0;
  let waiting = 0;
  return {
    began() {
      waiting += 1;
    },
    ended() {
      waiting -= 1;
      asked = 0;
    },
    spend() {
      asked += 1;
      return asked <= MOST_QUESTIONS * Math.max(1, waiting);
    },
  };
}
