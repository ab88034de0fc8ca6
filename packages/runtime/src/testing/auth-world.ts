import { type Clock, createRedactor, type Redactor } from "../base/index.ts";
import type { FetchLike } from "@modelcontextprotocol/client";
import { type AuthContext, type Authorizer, createAuthorizer } from "../mcp/auth/authorizer.ts";
import type { Interaction } from "../mcp/auth/interaction.ts";
import type { ServerAuth } from "../mcp/auth/server-auth.ts";
import { createMemoryTokenStore, type TokenStore } from "../mcp/auth/token-store.ts";
import { browse, type OAuthServer, startOAuthServer } from "./oauth-server.ts";
import { type ProtectedMcpServer, startProtectedServer } from "./protected-server.ts";
import { realClock } from "./real-clock.ts";

/** A client of the protected server, as a process has one. */
export interface AuthClient extends Pick<Authorizer, "settled" | "giveUp"> {
  readonly fetch: FetchLike;
  /** One call of the server's tool. */
  add(signal?: AbortSignal): Promise<Response>;
  readonly lines: readonly string[];
  readonly redactor: Redactor;
}

/** A real authorization server, a real MCP server behind it, and clients. */
export interface AuthWorld {
  readonly oauth: OAuthServer;
  readonly mcp: ProtectedMcpServer;
  readonly tokens: TokenStore;
  /** What time it is for clients, beside the real time; ms. */
  ahead: number;
  readonly clock: Clock;
  client(auth: ServerAuth | undefined, context?: Partial<AuthContext>): AuthClient;
  /** Somebody who says yes, without a listener: the redirect is read off. */
  person(): Promise<Interaction>;
  /** How things were in the beginning. */
  reset(): void;
  close(): Promise<void>;
}

const CALL = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { name: "add", arguments: {} } });

export async function createAuthWorld(): Promise<AuthWorld> {
  const oauth = await startOAuthServer();
  const mcp = await startProtectedServer(oauth);
  const defaults = { oauth: { ...oauth.behaviour }, mcp: { ...mcp.behaviour } };
  let tokens = createMemoryTokenStore();
  const world: AuthWorld = {
    oauth, mcp, ahead: 0,
    get tokens() {
      return tokens;
    },
    clock: { now: () => realClock.now() + world.ahead, sleep: (ms, signal) => realClock.sleep(ms, signal) },
    client(auth, context = {}) {
      const lines: string[] = [];
      const redactor = createRedactor();
      const authorizer = createAuthorizer({ name: "ledger", url: mcp.url, headers: {}, ...(auth === undefined ? {} : { auth }) }, { clock: world.clock, redactor, tokens, log: (line) => lines.push(line), ...context }) as Authorizer;
      const send = authorizer.over(fetch);
      const add = (signal?: AbortSignal): Promise<Response> =>
        Promise.resolve(send(mcp.url, { method: "POST", headers: { "content-type": "application/json", accept: "application/json, text/event-stream" }, body: CALL, ...(signal === undefined ? {} : { signal }) }));
      return { fetch: send, settled: () => authorizer.settled(), giveUp: () => authorizer.giveUp(), add, lines, redactor };
    },
    person: () => Promise.resolve({ redirectUrl: "http://127.0.0.1:9/callback", authorize: async (url) => (await browse(url)).searchParams, close: () => Promise.resolve() }),
    reset() {
      Object.assign(oauth.behaviour, defaults.oauth);
      Object.assign(mcp.behaviour, defaults.mcp);
      oauth.tokenRequests.length = 0;
      mcp.authorizations.length = 0;
      tokens = createMemoryTokenStore();
      world.ahead = 0;
    },
    async close() {
      await Promise.all([oauth.close(), mcp.close()]);
    },
  };
  return world;
}
