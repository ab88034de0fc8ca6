import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import type { Offer, Session } from "../../calls/index.ts";
import { errorOf, methodOf } from "../observed-sessions.ts";
import type { RunTracer, ServerAddress, TraceableSession } from "./run-tracer.ts";
import { traceParent } from "./trace-ids.ts";
import type { Tracing } from "./trace-runs.ts";

type Attributes = { readonly [name: string]: string | number };
type Reply = Parameters<typeof errorOf>[0];
type InSpan = <R extends Reply>(name: string, attributes: Attributes, ask: (handedOver: { readonly traceParent?: string }) => Promise<R>) => Promise<R>;

/** Requests to servers as spans, by OpenTelemetry's conventions for MCP clients; each server is told which span its request is. */
export function traceSessions({ tracer, current }: Pick<Tracing, "tracer" | "current">): RunTracer["sessions"] {
  return (sessions, about) => async (server) => {
    const session = await sessions(server);
    const inSpan: InSpan = async (name, attributes, ask) => {
      const parent = current.getStore();
      // Nobody's run asks: then it is nobody's trace.
      if (parent === undefined) return ask({});
      const span = tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes: { ...attributes, "offstage.server.name": server, ...addressOf(about(server)) } }, parent);
      try {
        const reply = await ask({ traceParent: traceParent(span.spanContext()) });
        const error = errorOf(reply);
        if (error !== null) span.setAttribute("error.type", error).setStatus({ code: SpanStatusCode.ERROR });
        return reply;
      } finally {
        span.end();
      }
    };
    return tracedSession(session, inSpan);
  };
}

/** Nothing of arguments: a resource's URI is one too. */
function tracedSession(session: TraceableSession, inSpan: InSpan): Session {
  return {
    call: (tool, args, options) => inSpan(`tools/call ${tool}`, { "mcp.method.name": "tools/call", "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": tool }, (handedOver) => session.call(tool, args, { ...options, ...handedOver })),
    offer: (offer, options) => inSpan(nameOf(offer), { "mcp.method.name": methodOf(offer), ...(offer.kind === "prompt" ? { "gen_ai.prompt.name": offer.name } : {}) }, (handedOver) => session.offer(offer, { ...options, ...handedOver })),
  };
}

function nameOf(offer: Offer): string {
  return offer.kind === "prompt" ? `prompts/get ${offer.name}` : methodOf(offer);
}

function addressOf({ transport, host, port }: ServerAddress): Attributes {
  return { "network.transport": transport, ...(host === undefined ? {} : { "server.address": host }), ...(port === undefined ? {} : { "server.port": port }) };
}
