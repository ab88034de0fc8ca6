import { randomUUID } from "node:crypto";
import { type AuthInfo, type McpServer, WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/server";

/** Clients of before 2026-07-28, over streamable HTTP: each has a session, which begins with its `initialize`. */
export interface LegacySessions {
  answer(request: Request, authInfo: AuthInfo | null): Promise<Response>;
  close(): Promise<void>;
}

/** Clients seldom end theirs: the one that was not heard of for longest is ended, and begins another when it is told so (404). */
const MOST_SESSIONS = 100;

interface LegacySession {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly caller: string | undefined;
}

/** `serve` makes the server of one session. */
export function createLegacySessions(serve: () => McpServer, failed: (error: Error) => void): LegacySessions {
  // In the order in which they were last heard of.
  const sessions = new Map<string, LegacySession>();

  const begin = async (caller: string | undefined): Promise<LegacySession> => {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: async (id) => {
        sessions.set(id, session);
        for (const [oldest, { transport: ended }] of sessions) {
          if (sessions.size <= MOST_SESSIONS) break;
          sessions.delete(oldest);
          await ended.close();
        }
      },
      onsessionclosed: (id) => void sessions.delete(id),
    });
    const session: LegacySession = { transport, caller };
    transport.onerror = failed;
    await serve().connect(transport);
    return session;
  };

  return {
    async answer(request, authInfo) {
      const id = request.headers.get("mcp-session-id");
      const session = id === null ? await begin(authInfo?.clientId) : sessions.get(id);
      // A session is its caller's: to others it is not there.
      if (session === undefined || session.caller !== authInfo?.clientId) return notThere();
      if (id !== null && sessions.delete(id)) sessions.set(id, session);
      return session.transport.handleRequest(request, authInfo === null ? {} : { authInfo });
    },
    async close() {
      await Promise.all([...sessions.values()].map(({ transport }) => transport.close()));
      sessions.clear();
    },
  };
}

/** As the protocol says: a client that is told so begins anew. */
function notThere(): Response {
  return Response.json({ jsonrpc: "2.0", id: null, error: { code: -32_001, message: "There is no such session. Begin another one with initialize." } }, { status: 404 });
}
