import { type Clock, type ErrorData, toErrorData } from "../base/index.ts";
import type { CallLimits, CallOptions, RawReply, Rule, Session } from "./ports.ts";
import { createRateLimiter } from "./rate-limiter.ts";

/** One question to a server, under its rate and the limits of the call. */
export interface Exchange<Reply extends Answered> {
  readonly server: string;
  /** What is asked for, in messages. */
  readonly what: string;
  readonly rule: Rule;
  readonly limits: CallLimits;
  /** Looked at when the session is there. */
  readonly fault: () => ErrorData | null;
  readonly ask: (session: Session, options: CallOptions) => Promise<Reply>;
}

type FailedReply = Extract<RawReply, { readonly kind: "error" }>;
type Answered = { readonly kind: "result" } | FailedReply;

/** What questions are asked with. */
interface ExchangeOptions {
  /** A rejection says why the server is not there, and that nothing was sent. */
  readonly sessions: (server: string) => Promise<Session>;
  readonly clock: Clock;
  readonly timeoutMs: (server: string) => number;
}

/** Takes a turn and a session, and asks it. */
export function createExchange(options: ExchangeOptions): <Reply extends Answered>(exchange: Exchange<Reply>) => Promise<Reply | FailedReply> {
  const limiter = createRateLimiter(options.clock);
  return async ({ server, what, rule, limits, fault, ask }) => {
    const { timeoutMs = options.timeoutMs(server), ...until } = limits;
    const turn = await limiter.turn(server, rule.rate, until);
    if (turn.kind !== "granted") return notSent(notInTime(what, turn.kind));
    const once = async () => {
      const session = await options.sessions(server).catch(toErrorData);
      if (!("call" in session)) return notSent(session);
      const found = fault();
      if (found !== null) return notSent(found);
      if (limits.deadlineAt !== undefined && options.clock.now() >= limits.deadlineAt) return notSent(notInTime(what, "deadline"));
      // A session answers and never rejects; should it, nobody knows what was sent.
      return ask(session, { timeoutMs, ...until }).catch((error: unknown): FailedReply => ({ kind: "error", error: toErrorData(error), sent: true }));
    };
    try {
      const reply = await once();
      // The server forgot us, and did nothing: the next session is a new one, and its tools are looked at.
      return isLostSession(reply) ? await once() : reply;
    } finally {
      turn.release();
    }
  };
}

function isLostSession(reply: Answered): boolean {
  return reply.kind === "error" && !reply.sent && reply.error.code === "SERVER_SESSION_LOST";
}

function notSent(error: ErrorData): FailedReply {
  return { kind: "error", error, sent: false };
}

function notInTime(what: string, why: "deadline" | "aborted"): ErrorData {
  return why === "deadline"
    ? { code: "DEADLINE_PASSED", message: `${what} was not called: its deadline passed while it waited for its turn.`, hint: "Raise the profile's rate, or give the call more time." }
    : { code: "CANCELLED", message: `${what} was not called: it was cancelled while it waited for its turn.` };
}
