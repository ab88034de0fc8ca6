import { type Clock, type ErrorData, toErrorData } from "../base/index.ts";
import { admit, afterAnswer, afterFailure, afterNothing, beginTrial, breakerOpen, type BreakerState, CLOSED, verdictOf } from "./breaker.ts";
import type { CallWatch } from "./server-session.ts";

/** See {@link BreakerState}. */
export type Circuit = BreakerState["kind"];

/** The breaker of one server, kept up to date by what happens to it. */
export interface BreakerGate {
  /** Throws `SERVER_AILING` while the server is left alone. */
  assertOpenToStart(): void;
  /** A start, a connection or a question besides calls failed that began at `begunAt`. */
  failed(error: unknown, begunAt: number): void;
  /** Instant (ms) of the last answer to a call; before all others when there was none. */
  lastAnswerAt(): number;
  /** Whether calls pass now, only one does, or none. */
  circuit(): Circuit;
  /** For its calls: each is admitted right before it is sent. */
  readonly watch: CallWatch;
}

/** See {@link BreakerGate}. */
export function createBreakerGate(server: string, clock: Clock): BreakerGate {
  let state: BreakerState = CLOSED;
  let lastAnswerAt = -Infinity;
  const answered = (): void => {
    state = afterAnswer(state);
    lastAnswerAt = clock.now();
  };
  const judge = (error: ErrorData, status: number | undefined, begunAt: number): void => {
    const verdict = verdictOf(error, status);
    if (verdict === "answered") answered();
    else state = verdict === "failed" ? afterFailure(state, error, begunAt, clock.now()) : afterNothing(state, clock.now());
  };
  return {
    assertOpenToStart() {
      const admission = admit(state, clock.now());
      if (admission.kind === "refuse") throw breakerOpen(server, admission);
    },
    failed: (error, begunAt) => judge(toErrorData(error), undefined, begunAt),
    lastAnswerAt: () => lastAnswerAt,
    circuit: () => state.kind,
    watch: {
      admit() {
        const admission = admit(state, clock.now());
        if (admission.kind === "refuse") return breakerOpen(server, admission);
        if (admission.kind === "trial") state = beginTrial(state, clock.now());
        return null;
      },
      ended(reply, begunAt) {
        if (reply.kind === "error") judge(reply.error, reply.status, begunAt);
        else answered();
      },
    },
  };
}
