import { type AuthInfo, createMcpHandler, isLegacyRequest, type McpServer } from "@modelcontextprotocol/server";
import { createLegacySessions } from "./legacy-sessions.ts";
import { createStudioServer, type StudioServerOptions } from "./mcp-server.ts";
import type { Session } from "./session.ts";

/** Answers clients over streamable HTTP; who they are has been looked at before. */
export interface StudioHandler {
  /** `caller`: under whose name they come, null for nobody's: a question that was put to one is answered by that one alone. */
  answer(request: Request, caller: string | null): Promise<Response>;
  /** Ends what is being answered. */
  close(): Promise<void>;
}

/** What {@link createStudioHandler} needs. */
export interface StudioHandlerOptions extends Omit<StudioServerOptions, "session"> {
  /** The session of a caller, null for nobody's. */
  readonly sessionOf: (caller: string | null) => Session;
}

/** Serves both eras: in the newer one each request by itself, in the older one within a session, since only there a person can be asked. */
export function createStudioHandler({ sessionOf, ...options }: StudioHandlerOptions, failed: (error: Error) => void): StudioHandler {
  const serve = (caller: string | undefined): McpServer => createStudioServer({ ...options, session: sessionOf(caller ?? null) });
  const modern = createMcpHandler(({ authInfo }) => serve(authInfo?.clientId), { legacy: "reject", onerror: failed });
  const legacy = createLegacySessions(serve, failed);
  return {
    async answer(request, caller) {
      const authInfo: AuthInfo | null = caller === null ? null : { token: "", clientId: caller, scopes: [] };
      return (await isLegacyRequest(request)) ? legacy.answer(request, authInfo) : modern.fetch(request, authInfo === null ? {} : { authInfo });
    },
    async close() {
      await Promise.all([modern.close(), legacy.close()]);
    },
  };
}
