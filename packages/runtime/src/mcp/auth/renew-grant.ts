import { discoverAuthorizationServerMetadata, OAuthError, OAuthErrorCode, refreshAuthorization } from "@modelcontextprotocol/client";
import { expiryOf, registerTokens, takeTokens } from "./access-token.ts";
import { authFailure } from "./auth-errors.ts";
import { clientOf, documentOf, type Grant, isGrant, tokenOf } from "./grant.ts";
import type { LoginAuth } from "./server-auth.ts";
import type { SourceContext } from "./token-source.ts";
import type { TokenStore } from "./token-store.ts";

/** What came of a renewal: a grant with a token that works, or why a person has to log in again. */
export type Renewal = { readonly kind: "renewed"; readonly grant: Grant } | { readonly kind: "over"; readonly why: string };

/** What these answers mean: the refresh token is worth nothing any more. */
const FINAL: ReadonlySet<string> = new Set([OAuthErrorCode.InvalidGrant]);
/** And these, for a client that registered itself: it is not known any more. */
const UNKNOWN_CLIENT: ReadonlySet<string> = new Set([OAuthErrorCode.InvalidClient, OAuthErrorCode.UnauthorizedClient]);

/**
 * Renews the tokens of a kept grant with its refresh token, once for all processes: whoever gets the lock reads again, and uses what
 * another one has renewed meanwhile. Many authorization servers replace the refresh token with each use and revoke everything when an old
 * one comes back, so the answer is on disk before anything else is done with it. What remains is a kill between their answer
 * and our disk: the mark that is written before tells of it, and the access token is used as long as it lasts.
 * Errors: `AUTH_FAILED` (try again), `AUTH_UNSAFE`, those of the store.
 */
export function renewGrant(id: string, refused: string | null, { auth, store, context }: { readonly auth: LoginAuth; readonly store: TokenStore; readonly context: SourceContext }): Promise<Renewal> {
  return store.exclusively(id, async (): Promise<Renewal> => {
    const kept: unknown = await store.read(id);
    if (!isGrant(kept)) return { kind: "over", why: "it was logged out" };
    const document: Grant = kept;
    const now = context.clock.now();
    registerTokens([document.accessToken, document.refreshToken], context.server, context.redactor);
    if (document.accessToken !== refused && isFresh(document, now)) return { kind: "renewed", grant: document };
    if (document.refreshToken === null) return { kind: "over", why: "its token has ended, and no refresh token came with it" };
    if (document.refusedAt !== null) return { kind: "over", why: whyRefused(document) };
    try {
      return { kind: "renewed", grant: await renew(id, { ...document, refreshToken: document.refreshToken }, { auth, store, context }) };
    } catch (error) {
      const isFinal = error instanceof OAuthError && (FINAL.has(error.code) || (document.registration !== null && UNKNOWN_CLIENT.has(error.code)));
      if (!isFinal) throw authFailure(context.server, "its tokens could not be renewed", error, (text) => context.redactor.redact(text));
      const over = { ...document, refusedAt: now };
      await store.write(id, documentOf(over));
      return { kind: "over", why: whyRefused(over) };
    }
  });
}

async function renew(id: string, grant: Grant & { readonly refreshToken: string }, { auth, store, context }: { readonly auth: LoginAuth; readonly store: TokenStore; readonly context: SourceContext }): Promise<Grant> {
  const metadata = await discoverAuthorizationServerMetadata(grant.authorizationServer, { fetchFn: context.fetch });
  await store.write(id, documentOf({ ...grant, renewingSince: context.clock.now() }));
  const tokens = await refreshAuthorization(grant.authorizationServer, {
    ...(metadata === undefined ? {} : { metadata }),
    ...(grant.resource === null ? {} : { resource: grant.resource }),
    clientInformation: clientOf(grant, auth),
    refreshToken: grant.refreshToken,
    fetchFn: context.fetch,
  });
  const now = context.clock.now();
  const renewed: Grant = { ...grant, accessToken: tokens.access_token, refreshToken: tokens.refresh_token ?? grant.refreshToken, scope: tokens.scope ?? grant.scope, obtainedAt: now, expiresAt: expiryOf(tokens, now), renewingSince: null, refusedAt: null };
  // On disk before this returns: nothing may come between the answer and it.
  const written = store.write(id, documentOf(renewed));
  try {
    takeTokens(tokens, context.server, context.redactor);
  } finally {
    // Tokens that we cannot use come with the only refresh token that is still good.
    await written;
  }
  return renewed;
}

function isFresh(grant: Grant, now: number): boolean {
  const { renewAt } = tokenOf(grant);
  return renewAt === null || now < renewAt;
}

function whyRefused({ renewingSince }: Grant): string {
  if (renewingSince === null) return "its authorization server does not take the refresh token any more";
  return `its authorization server does not take the refresh token any more, probably because a renewal was interrupted at ${new Date(renewingSince).toISOString()} and its answer was lost`;
}
