import { shorten } from "../../base/index.ts";
import { registerTokens } from "./access-token.ts";
import { authFailure, loginNeeded } from "./auth-errors.ts";
import { discover, sameIssuer } from "./discovery.ts";
import { documentOf, findGrants, type Grant, grantId, type KeptGrant, REGISTERED, tokenOf } from "./grant.ts";
import { logIn, type LoginRequest } from "./login-flow.ts";
import { renewGrant } from "./renew-grant.ts";
import type { OpenInteraction } from "./interaction.ts";
import type { LoginAuth } from "./server-auth.ts";
import type { Need, SourceContext, TokenSource } from "./token-source.ts";
import type { TokenStore } from "./token-store.ts";

/** What tokens of logins need besides. */
export interface LoginContext {
  readonly tokens: TokenStore;
  readonly interact?: OpenInteraction;
}

/** Tokens of a login that a person made once: renewed by their refresh token, and never a browser unless `interact` is there. */
export function createLoginSource(auth: LoginAuth, context: SourceContext, { tokens: store, interact }: LoginContext): TokenSource {
  let kept: KeptGrant | null = null;

  const find = async (): Promise<KeptGrant | null> => {
    const { grants, unreadable } = await findGrants(store, context.serverUrl, auth);
    const [newest] = grants;
    // It may be the one that cannot be opened: to ask for another login would hide it.
    if (newest === undefined && unreadable[0] !== undefined) throw unreadable[0];
    if (newest !== undefined) registerTokens([newest.grant.accessToken, newest.grant.refreshToken, newest.grant.registration?.clientSecret], context.server, context.redactor);
    return newest ?? null;
  };
  /** Null where only a person can help, with the reason. */
  const renewed = async (need: Need): Promise<{ readonly grant: Grant } | { readonly why: string }> => {
    kept = await find();
    if (kept === null) return { why: need.refused === null ? "it asks for a token, and nobody has logged in yet" : "it was logged out" };
    if (need.challenge.error === "insufficient_scope") return { why: "the login that is kept does not permit this" };
    const moved = need.refused === null || need.challenge.resourceMetadataUrl === undefined ? null : await issuerNow(need);
    if (moved !== null && !sameIssuer(moved, kept.grant.issuer)) return { why: `it takes tokens of another authorization server now, ${shorten(context.redactor.redact(moved), 200)}` };
    const renewal = await renewGrant(kept.id, need.refused?.value ?? null, { auth, store, context });
    return renewal.kind === "over" ? { why: renewal.why } : { grant: renewal.grant };
  };
  /** Who gives the tokens, as far as the server says so itself. */
  const issuerNow = async ({ challenge }: Need): Promise<string | null> => {
    const found = await discover(context.serverUrl, { challenge, issuer: auth.issuer, fetch: context.fetch, redactor: context.redactor });
    return found.named ? found.issuer : null;
  };
  return {
    async held() {
      // A file that cannot be opened may be another server's: it is told when this one asks for a token.
      kept = await find().catch(() => null);
      return kept === null ? null : tokenOf(kept.grant);
    },
    async obtain(need) {
      try {
        const found = await renewed(need);
        if ("grant" in found) return tokenOf(found.grant);
        if (interact === undefined) throw loginNeeded(context.server, found.why, need.challenge.error === "insufficient_scope" ? need.scope : null);
        return tokenOf(await logInAndKeep({ auth, challenge: need.challenge, status: need.refused === null ? null : 401, scope: need.challenge.error === "insufficient_scope" ? need.scope : null }, interact, { store, context }));
      } catch (error) {
        throw authFailure(context.server, "nobody could be logged in", error, (text) => context.redactor.redact(text));
      }
    },
  };
}

/** Has a person log in, and keeps what it gave in place of what was kept for the same client. Errors: as of `logIn` and the store. */
export async function logInAndKeep(request: LoginRequest, interact: OpenInteraction, { store, context }: { readonly store: TokenStore; readonly context: SourceContext }): Promise<Grant> {
  const interaction = await interact();
  try {
    const grant = await logIn(request, interaction, context);
    const id = grantId(grant);
    await store.exclusively(id, () => store.write(id, documentOf(grant)));
    await forgetOthers(request.auth, id, { store, context });
    return grant;
  } finally {
    await interaction.close();
  }
}

/** Tokens of an authorization server that the MCP server has left are of no use to us. */
async function forgetOthers(auth: LoginAuth, id: string, { store, context }: { readonly store: TokenStore; readonly context: SourceContext }): Promise<void> {
  const { grants } = await findGrants(store, context.serverUrl, auth);
  const others = grants.filter((one) => one.id !== id && (auth.clientId !== null || one.grant.client === REGISTERED));
  for (const other of others) await store.exclusively(other.id, () => store.remove(other.id));
}
