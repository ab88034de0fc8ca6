import { performance } from "node:perf_hooks";
import { toErrorData } from "../base/index.ts";
import type { OfferReply, RawReply, Session } from "../calls/index.ts";
import type { ExchangeEnded, Observe } from "./observed.ts";

/** Sessions that tell how their exchanges went. `now` in ms, of a clock that only goes forward. */
export function observedSessions(sessions: (server: string) => Promise<Session>, observe: Observe, now: () => number = () => performance.now()): (server: string) => Promise<Session> {
  return async (server) => {
    try {
      return observedSession(server, await sessions(server), observe, now);
    } catch (error) {
      observe({ kind: "session-failed", server, code: toErrorData(error).code });
      throw error;
    }
  };
}

function observedSession(server: string, session: Session, observe: Observe, now: () => number): Session {
  const timed = async <Reply extends RawReply | OfferReply>(asked: Pick<ExchangeEnded, "method" | "tool">, ask: () => Promise<Reply>): Promise<Reply> => {
    const begunAt = now();
    const reply = await ask();
    observe({ kind: "exchange-ended", server, ...asked, seconds: (now() - begunAt) / 1_000, error: errorOf(reply) });
    return reply;
  };
  return {
    call: (tool, args, options) => timed({ method: "tools/call", tool }, () => session.call(tool, args, options)),
    offer: (offer, options) => timed({ method: methodOf(offer), tool: null }, () => session.offer(offer, options)),
  };
}

/** The protocol's method for reading an offer. */
export function methodOf({ kind }: Parameters<Session["offer"]>[0]): Exclude<ExchangeEnded["method"], "tools/call"> {
  return kind === "resource" ? "resources/read" : "prompts/get";
}

/** How a reply went wrong, as OpenTelemetry's `error.type` has it; null: it did not. */
export function errorOf(reply: RawReply | OfferReply): string | null {
  if (reply.kind === "error") return reply.error.code;
  return "isError" in reply && reply.isError ? "tool_error" : null;
}
