import { isOffstageError, OffstageError } from "../../base/index.ts";
import { createSendRequest } from "../http/send-request.ts";
import { startTimeLimit } from "../time-limit.ts";
import { registerTokens } from "./access-token.ts";
import { authFailure } from "./auth-errors.ts";
import type { AuthContext } from "./authorizer.ts";
import { canonicalServer, challengeOf } from "./discovery.ts";
import { findGrants, type Grant, isGrant } from "./grant.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";
import type { OpenInteraction } from "./interaction.ts";
import type { LoginRequest } from "./login-flow.ts";
import { logInAndKeep } from "./login-source.ts";
import { revokeGrant } from "./revoke-grant.ts";
import type { LoginAuth } from "./server-auth.ts";
import type { SourceContext } from "./token-source.ts";
import type { TokenStore } from "./token-store.ts";

/** A kept login, without its tokens. */
export interface LoginSummary {
  readonly issuer: string;
  /** The client's id, or that it registered itself. */
  readonly client: string;
  readonly scope: string | null;
  /** When the access token ends, ms; null when nobody said. */
  readonly expiresAt: number | null;
  /** Whether it is renewed without a person. */
  readonly renews: boolean;
  /** When the authorization server refused to renew it for good, ms. */
  readonly refusedAt: number | null;
}

/** What the login of a person needs. */
export interface LoginTo {
  readonly server: string;
  readonly url: string;
  readonly auth: LoginAuth;
  /** Exactly these scopes; null: the project's, or what the server asks for. */
  readonly scope: string | null;
  readonly signal: AbortSignal;
}

/** What logins are made and ended with. */
export type LoginTools = Omit<AuthContext, "log" | "interact">;

const PROBE_WITHIN_MS = 20_000;

/** Asks a server what it wants, has a person log in, and keeps the tokens. Errors: `LOGIN_NEEDED` when nobody did, `AUTH_FAILED`, `AUTH_UNSAFE`, `CANCELLED`, those of the store. */
export async function logInTo(login: LoginTo, context: LoginTools, interact: OpenInteraction): Promise<LoginSummary> {
  const source = sourceOf(login, context);
  try {
    const asked = await probe(login, context);
    return summaryOf(await logInAndKeep({ auth: login.auth, ...asked, scope: login.scope }, interact, { store: context.tokens, context: source }));
  } catch (error) {
    throw authFailure(login.server, "nobody could be logged in", error, (text) => context.redactor.redact(text));
  }
}

/** The newest login that this configuration would use, and files that could not be opened. */
export async function loginOf(url: string, auth: LoginAuth, store: TokenStore): Promise<{ readonly login: LoginSummary | null; readonly unreadable: readonly OffstageError[] }> {
  const { grants, unreadable } = await findGrants(store, new URL(url), auth);
  return { login: grants[0] === undefined ? null : summaryOf(grants[0].grant), unreadable };
}

/** What became of the logins at a server. */
export interface Forgotten {
  /** How many there were. */
  readonly logins: number;
  /** How many of them their authorization servers ended too. */
  readonly ended: number;
}

/** Forgets all logins at a server, whatever client they were for, and has them ended where they came from. Here they are gone whatever is answered there. Errors: those of the store. */
export async function forgetLogins({ server, url, auth }: Pick<LoginTo, "server" | "url" | "auth">, context: LoginTools): Promise<Forgotten> {
  const { tokens: store } = context;
  const { documents, unreadable } = await store.list();
  const own = documents.flatMap(({ id, document }) => (isGrant(document) && document.server === canonicalServer(new URL(url)) ? [{ id, grant: document as Grant }] : []));
  // One of them may be meant.
  if (own.length === 0 && unreadable[0] !== undefined) throw unreadable[0];
  let ended = 0;
  for (const { id, grant } of own) {
    await store.exclusively(id, () => store.remove(id));
    registerTokens([grant.accessToken, grant.refreshToken, grant.registration?.clientSecret], server, context.redactor);
    if (await revokeGrant(grant, auth, sourceOf({ server, url }, context))) ended += 1;
  }
  return { logins: own.length, ended };
}

function sourceOf({ server, url }: Pick<LoginTo, "server" | "url">, context: LoginTools): SourceContext {
  const serverUrl = new URL(url);
  return { server, serverUrl, clock: context.clock, redactor: context.redactor, fetch: createGuardedFetch({ ...context, serverUrl }) };
}

function summaryOf(grant: Grant): LoginSummary {
  return { issuer: grant.issuer, client: grant.client, scope: grant.scope, expiresAt: grant.expiresAt, renews: grant.refreshToken !== null && grant.refusedAt === null, refusedAt: grant.refusedAt };
}

/** The server's own answer to somebody without a token: which scope it asks for, and where its metadata is. It does nothing. Errors: `SERVER_UNREACHABLE`, `AUTH_FAILED`, `CANCELLED`. */
async function probe({ server, url, signal }: LoginTo, { clock, inheritedEnv = {} }: LoginTools): Promise<Pick<LoginRequest, "challenge" | "status">> {
  const limit = startTimeLimit(clock, PROBE_WITHIN_MS, signal);
  const line = createSendRequest({ server, url, inheritedEnv, headers: () => ({}) });
  try {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" });
    const response = await line.send(url, { method: "POST", redirect: "manual", signal: limit.signal, headers: { "content-type": "application/json", accept: "application/json, text/event-stream" }, body });
    await response.body?.cancel().catch(() => undefined);
    return { challenge: response.status === 401 ? challengeOf(response) : {}, status: response.status };
  } catch (error) {
    if (isOffstageError(error)) throw error;
    if (limit.cause() === "cancelled") throw new OffstageError("CANCELLED", "Interrupted.");
    throw new OffstageError("AUTH_FAILED", `The MCP server "${server}" does not answer at ${new URL(url).origin}.`, { hint: "Check its url in mcp.json, and the network.", cause: error });
  } finally {
    limit.release();
    await line.close();
  }
}
