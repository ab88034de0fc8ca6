/** One request of ours, from its sending to its last answer. */
export interface Turn {
  /** Whether a question to a person was declined meanwhile: what the server did then is for it to know. */
  declined: boolean;
  /** Instant (ms) from which nothing is sent for it any more; `Infinity` where there is none. */
  readonly deadlineAt: number;
}

/** The requests of ours that are under way at one server. */
export interface Turns {
  begin(deadlineAt: number): Turn;
  end(turn: Turn): void;
  /** Those that a question of the server may be about: in the legacy era it does not say. */
  all(): readonly Turn[];
  /** Aborted when none of these is under way any more: then nobody waits for the answer. */
  whileUnderWay(some: readonly Turn[]): AbortSignal;
}

/** See {@link Turns}. */
export function createTurns(): Turns {
  const turns = new Map<Turn, AbortController>();
  return {
    begin(deadlineAt) {
      const turn: Turn = { declined: false, deadlineAt };
      turns.set(turn, new AbortController());
      return turn;
    },
    end(turn) {
      turns.get(turn)?.abort("over");
      turns.delete(turn);
    },
    all: () => [...turns.keys()],
    whileUnderWay(some) {
      const over = new AbortController();
      const left = some.flatMap((turn) => turns.get(turn)?.signal ?? []);
      const look = (): void => (left.every(({ aborted }) => aborted) ? over.abort("over") : undefined);
      for (const signal of left) signal.addEventListener("abort", look, { once: true });
      look();
      return over.signal;
    },
  };
}
