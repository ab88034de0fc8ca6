import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createMcpHandler, getOAuthProtectedResourceMetadataUrl, McpServer, OAuthError, OAuthErrorCode, requireBearerAuth } from "@modelcontextprotocol/server";
import type { OAuthServer } from "./oauth-server.ts";

/** How the MCP server behaves from now on. */
export interface ProtectedBehaviour {
  /** Scopes that a request needs. */
  requiredScopes: string[];
  /** What it calls itself in its metadata. */
  resource: string;
  /** The authorization servers that it names; null: it publishes no metadata. */
  authorizationServers: string[] | null;
  /** Refuses whatever token comes. */
  refuses: boolean;
  /** Whose tokens it takes. */
  oauth: OAuthServer;
  /** Refuses this one. */
  revoked: string | null;
}

/** A real MCP server over HTTP, behind the SDK's own check of bearer tokens: audience, expiry, scopes. */
export interface ProtectedMcpServer {
  readonly url: string;
  readonly behaviour: ProtectedBehaviour;
  /** The `Authorization` of each request, in order. */
  readonly authorizations: (string | null)[];
  /** How often its tool was called. */
  readonly calls: () => number;
  close(): Promise<void>;
}

/** Starts one with one tool, `add`, whose tokens come from `oauth`. */
export async function startProtectedServer(oauth: OAuthServer): Promise<ProtectedMcpServer> {
  let calls = 0;
  const authorizations: (string | null)[] = [];
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: "ledger", version: "1.0.0" });
    server.registerTool("add", { description: "Adds an entry." }, () => {
      calls += 1;
      return { content: [{ type: "text", text: `entry ${calls}` }] };
    });
    return server;
  });
  const server: Server = createServer((request, response) => void listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
  const behaviour: ProtectedBehaviour = { requiredScopes: ["read"], resource: url.href, authorizationServers: [oauth.issuer], refuses: false, revoked: null, oauth };
  const metadataUrl = getOAuthProtectedResourceMetadataUrl(url);
  const listener = getRequestListener(async (request) => {
    if (new URL(request.url).pathname.startsWith("/.well-known/oauth-protected-resource")) {
      return behaviour.authorizationServers === null ? new Response(null, { status: 404 }) : Response.json({ resource: behaviour.resource, authorization_servers: behaviour.authorizationServers, scopes_supported: ["read", "write"] });
    }
    if (new URL(request.url).pathname !== "/mcp") return new Response(null, { status: 404 });
    authorizations.push(request.headers.get("authorization"));
    const gate = requireBearerAuth({ verifier: { verifyAccessToken: (token) => verify(behaviour, token) }, requiredScopes: behaviour.requiredScopes, resourceMetadataUrl: metadataUrl, expectedResource: url });
    const answer = await gate(request);
    return answer instanceof Response ? answer : handler.fetch(request, { authInfo: answer });
  }) as unknown as (request: IncomingMessage, response: unknown) => Promise<void>;
  return { url: url.href, behaviour, authorizations, calls: () => calls, close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }) };
}

async function verify(behaviour: ProtectedBehaviour, token: string): Promise<{ token: string; clientId: string; scopes: string[]; expiresAt: number; resource?: URL }> {
  const facts = behaviour.refuses || token === behaviour.revoked ? null : await behaviour.oauth.facts(token);
  if (facts === null) throw new OAuthError(OAuthErrorCode.InvalidToken, "unknown token");
  return { token, clientId: facts.clientId, scopes: [...facts.scopes], expiresAt: facts.expiresAt, ...(facts.audience === null ? {} : { resource: new URL(facts.audience) }) };
}
