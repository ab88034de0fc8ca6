import { randomUUID } from "node:crypto";
import { type AuthInfo, type McpServer, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";

/** Clients of before 2026-07-28, over streamable HTTP: each has a session, which begins with its `initialize`. */
export interface LegacySessions {
  answer(request: Request, authInfo: AuthInfo | null): Promise<Response>;
  close(): Promise<void>;
}

/** Of one caller. Clients seldom end theirs: the one that was not heard of for longest is ended, and begins another when it is told so (404); one that waits for an answer is not. */
const MOST_SESSIONS = 20;

interface LegacySession {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly caller: string | undefined;
  /** Requests of it that are not answered whole. */
  underWay: number;
}

/** `serve` makes the server of one session of a caller. */
export function createLegacySessions(serve: (caller: string | undefined) => McpServer, failed: (error: Error) => void): LegacySessions {
  // In the order in which they were last heard of.
  const sessions = new Map<string, LegacySession>();

  const begin = async (caller: string | undefined): Promise<LegacySession> => {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: async (id) => {
        sessions.set(id, session);
        const its = [...sessions].filter(([, one]) => one.caller === caller);
        const idle = its.find(([, one]) => one !== session && one.underWay === 0);
        if (its.length <= MOST_SESSIONS || idle === undefined) return;
        sessions.delete(idle[0]);
        await idle[1].transport.close();
      },
      onsessionclosed: (id) => void sessions.delete(id),
    });
    const session: LegacySession = { transport, caller, underWay: 0 };
    transport.onerror = failed;
    await serve(caller).connect(transport);
    return session;
  };

  /** Whether each session of a caller that has as many as can be waits for an answer. */
  const isFull = (caller: string | undefined): boolean => {
    const its = [...sessions.values()].filter((one) => one.caller === caller);
    return its.length >= MOST_SESSIONS && its.every(({ underWay }) => underWay > 0);
  };

  return {
    async answer(request, authInfo) {
      const id = request.headers.get("mcp-session-id");
      if (id === null && isFull(authInfo?.clientId)) return refusal(429, "Too many sessions wait for an answer. Try again when one of them has it.");
      const session = id === null ? await begin(authInfo?.clientId) : sessions.get(id);
      // A session is its caller's: to others it is not there.
      if (session === undefined || session.caller !== authInfo?.clientId) return refusal(404, "There is no such session. Begin another one with initialize.");
      if (id !== null && sessions.delete(id)) sessions.set(id, session);
      session.underWay += 1;
      const answered = (): void => void (session.underWay -= 1);
      try {
        return told(await session.transport.handleRequest(request, authInfo === null ? {} : { authInfo }), request.method === "POST", answered);
      } catch (error) {
        answered();
        throw error;
      }
    },
    async close() {
      await Promise.all([...sessions.values()].map(({ transport }) => transport.close()));
      sessions.clear();
    },
  };
}

/** A response as it is; `answered` hears when the last of it was told, or nobody listens any more. Whoever only listens asks nothing. */
function told(response: Response, asks: boolean, answered: () => void): Response {
  if (!asks || response.body === null) {
    answered();
    return response;
  }
  return new Response(response.body.pipeThrough(new TransformStream({ flush: answered, cancel: answered })), response);
}

/** As the protocol says: a client that is told 404 begins anew. */
function refusal(status: number, message: string): Response {
  return Response.json({ jsonrpc: "2.0", id: null, error: { code: -32_001, message } }, { status });
}
