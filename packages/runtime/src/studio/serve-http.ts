import { createMcpHandler } from "@modelcontextprotocol/server";
import { createStudioServer, type StudioServerOptions } from "./mcp-server.ts";

/** Answers clients over streamable HTTP; who they are has been looked at before. */
export interface StudioHandler {
  /** `caller`: under whose name they come, null for nobody's: a question that was put to one is answered by that one alone. */
  answer(request: Request, caller: string | null): Promise<Response>;
  /** Ends what is being answered. */
  close(): Promise<void>;
}

/** Serves both eras, each request by itself: sessions remember nothing. In the older one nobody can be asked so, and is told the command. */
export function createStudioHandler(options: StudioServerOptions, failed: (error: Error) => void): StudioHandler {
  const handler = createMcpHandler(() => createStudioServer(options), { onerror: failed });
  return {
    answer: (request, caller) => handler.fetch(request, caller === null ? {} : { authInfo: { token: "", clientId: caller, scopes: [] } }),
    close: () => handler.close(),
  };
}
