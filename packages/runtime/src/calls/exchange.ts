import { type Clock, type ErrorData, toErrorData } from "../base/index.ts";
import type { LaneLimit } from "./lane.ts";
import { createOwnLanes, type Lanes } from "./lanes.ts";
import type { CallLimits, CallOptions, RawReply, Rule, Session } from "./ports.ts";
import { createRateLimiter, type RateLimit } from "./rate-limiter.ts";
import type { TurnOptions } from "./turn-queue.ts";

/** With whom calls share their limits. */
export interface Turns {
  readonly lanes: Lanes;
  /** What a server is spoken to with, not to be guessed from it: two servers with one credential share its limits. */
  readonly credentialOf: (server: string) => string;
  /** What holds for all calls of a server, besides what its profile says. */
  readonly rateOf: (server: string) => RateLimit;
  /** Hears that calls of a server wait for seconds, at most every {@link TOLD_AGAIN_MS}. */
  readonly onLongWait?: (server: string) => void;
}

/** Between two times that one server is told of: a line for each call that waits would be a flood. */
const TOLD_AGAIN_MS = 300_000;

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
  /** Without it: with nobody but this process, and by server. */
  readonly turns?: Turns;
}

/** Takes a turn and a session, and asks it. */
export function createExchange(options: ExchangeOptions): <Reply extends Answered>(exchange: Exchange<Reply>) => Promise<Reply | FailedReply> {
  const { lanes = createOwnLanes(options.clock), credentialOf = (server: string) => server, rateOf = () => ({}) } = options.turns ?? {};
  const limiter = createRateLimiter(options.clock, lanes);
  const tellLongWait = longWaits(options);
  return async ({ server, what, rule, limits, fault, ask }) => {
    const { timeoutMs = options.timeoutMs(server), ...until } = limits;
    const turn = await limiter.turn(credentialOf(server), limitsOf(rule.rate, rateOf(server)), { ...until, ...tellLongWait(server) });
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
    let pauseMs: number | undefined;
    try {
      const first = await once();
      // The server forgot us, and did nothing: the next session is a new one, and its tools are looked at.
      const reply = isLostSession(first) ? await once() : first;
      pauseMs = pauseAsked(reply);
      return reply;
    } finally {
      turn.release(pauseMs);
    }
  };
}

/** What tells of a call's long wait; nothing where nobody listens. */
function longWaits({ clock, turns: { onLongWait } = {} }: { readonly clock: Clock; readonly turns?: Partial<Turns> }): (server: string) => Pick<TurnOptions, "onLongWait"> {
  if (onLongWait === undefined) return () => ({});
  const toldAt = new Map<string, number>();
  return (server) => ({
    onLongWait() {
      if (clock.now() - (toldAt.get(server) ?? Number.NEGATIVE_INFINITY) < TOLD_AGAIN_MS) return;
      toldAt.set(server, clock.now());
      onLongWait(server);
    },
  });
}

/** Both hold. Rules of a profile that say the same are one limit, other ones another: a server counts its searches apart. */
function limitsOf(rule: RateLimit, all: RateLimit): readonly LaneLimit[] {
  return [{ name: `${rule.perSecond ?? ""}/${rule.concurrent ?? ""}`, ...rule }, { name: "all", ...all }];
}

function pauseAsked(reply: Answered): number | undefined {
  return reply.kind === "error" ? reply.retryAfterMs : undefined;
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
