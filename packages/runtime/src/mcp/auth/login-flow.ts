import { randomBytes } from "node:crypto";
import { exchangeAuthorization, type OAuthClientInformationMixed, type OAuthClientMetadata, registerClient, resolveClientMetadata, startAuthorization, validateAuthorizationResponseIssuer } from "@modelcontextprotocol/client";
import { isOffstageError, OffstageError, shorten } from "../../base/index.ts";
import { expiryOf, registerTokens, takeTokens } from "./access-token.ts";
import { nobodyGivesTokens, unsafe } from "./auth-errors.ts";
import { canonicalServer, type Challenge, discover, type Discovery } from "./discovery.ts";
import { clientOf, type Grant, REGISTERED, type Registration } from "./grant.ts";
import { refuseInsecure } from "./guarded-fetch.ts";
import type { Interaction } from "./interaction.ts";
import type { LoginAuth } from "./server-auth.ts";
import type { SourceContext } from "./token-source.ts";

/** What a login is made from. */
export interface LoginRequest {
  readonly auth: LoginAuth;
  readonly challenge: Challenge;
  /** HTTP status of the server's answer to somebody without a token; null when that was not asked for. */
  readonly status: number | null;
  /** Exactly these scopes, separated by spaces; null: the project's, or what the server asks for. */
  readonly scope: string | null;
}

/**
 * One login by a person: authorization code with PKCE (S256), a state, the issuer checked (RFC 9207), the resource named. Nothing is
 * kept here. Errors: `LOGIN_NEEDED` when nobody logged in, `AUTH_UNSAFE`, and what the SDK throws.
 */
export async function logIn({ auth, challenge, scope, status }: LoginRequest, interaction: Interaction, context: SourceContext): Promise<Grant> {
  const found = await discover(context.serverUrl, { challenge, issuer: auth.issuer, fetch: context.fetch, redactor: context.redactor });
  requirePkce({ ...found, issuer: context.redactor.redact(found.issuer) }, context.server);
  const asked = scopeOf(scope ?? auth.scope ?? challenge.scope ?? null, found);
  const identity = await identify(auth, found, { redirectUrl: interaction.redirectUrl, scope: asked, context }).catch((error: unknown) => {
    // It was a guess that its own origin gives tokens, and a wrong one.
    throw found.metadata === undefined && !found.named && auth.issuer === null && !isOffstageError(error) ? nobodyGivesTokens(context.server, context.serverUrl, status) : error;
  });
  const client = clientOf(identity, auth);
  const state = randomBytes(32).toString("base64url");
  const { authorizationUrl, codeVerifier } = await startAuthorization(found.authorizationServer, {
    ...about(found), clientInformation: client, redirectUrl: interaction.redirectUrl, state, ...(asked === null ? {} : { scope: asked }),
  });
  refuseInsecure(authorizationUrl, context.serverUrl);
  const answer = await interaction.authorize(authorizationUrl, state);
  const { code, iss } = readAnswer(answer, { state, found, context });
  const tokens = await exchangeAuthorization(found.authorizationServer, {
    ...about(found), clientInformation: client, authorizationCode: code, codeVerifier, redirectUri: interaction.redirectUrl, fetchFn: context.fetch, ...(iss === undefined ? {} : { iss }),
  });
  takeTokens(tokens, context.server, context.redactor);
  const now = context.clock.now();
  return {
    issuer: found.issuer, server: canonicalServer(context.serverUrl), ...identity, authorizationServer: found.authorizationServer, resource: found.resource,
    accessToken: tokens.access_token, refreshToken: tokens.refresh_token ?? null, scope: tokens.scope ?? asked, obtainedAt: now, expiresAt: expiryOf(tokens, now), renewingSince: null, refusedAt: null,
  };
}

function about(found: Discovery): { readonly metadata?: NonNullable<Discovery["metadata"]>; readonly resource?: string } {
  return { ...(found.metadata === undefined ? {} : { metadata: found.metadata }), ...(found.resource === null ? {} : { resource: found.resource }) };
}

/** The specification: without a word about S256 in its metadata, an authorization server is not used. One of 2025-03-26 without metadata gets S256 all the same. */
function requirePkce({ metadata, issuer }: Discovery, server: string): void {
  if (metadata === undefined || metadata.code_challenge_methods_supported?.includes("S256") === true) return;
  throw unsafe(`The authorization server ${shorten(issuer, 200)} of "${server}" does not say that it supports PKCE with S256: a stolen code could be used by others.`, "Whoever runs it has to publish code_challenge_methods_supported.");
}

/** What the server lists where nobody says more. `offline_access` where it exists: refresh tokens come with it. */
function scopeOf(wanted: string | null, { scopes, metadata }: Discovery): string | null {
  const scope = wanted ?? scopes;
  if (scope === null || scope === "" || metadata?.scopes_supported?.includes("offline_access") !== true) return scope === "" ? null : scope;
  return scope.split(" ").includes("offline_access") ? scope : `${scope} offline_access`;
}

type Identity = Pick<Grant, "client" | "registration">;

/** The client that was registered by hand, else the one that its metadata document names, else a new registration. */
async function identify(auth: LoginAuth, found: Discovery, { redirectUrl, scope, context }: { readonly redirectUrl: string; readonly scope: string | null; readonly context: SourceContext }): Promise<Identity> {
  if (auth.clientId !== null) return { client: auth.clientId, registration: null };
  if (auth.clientMetadataUrl !== null && found.metadata?.client_id_metadata_document_supported === true) return { client: auth.clientMetadataUrl, registration: null };
  const clientMetadata: OAuthClientMetadata = resolveClientMetadata({ redirectUrl, clientMetadata: { client_name: "Offstage", redirect_uris: [redirectUrl] } });
  const information: OAuthClientInformationMixed = await registerClient(found.authorizationServer, { ...about(found), clientMetadata, ...(scope === null ? {} : { scope }), fetchFn: context.fetch });
  registerTokens([information.client_secret], context.server, context.redactor);
  const registration: Registration = { clientId: information.client_id, clientSecret: information.client_secret ?? null, method: ("token_endpoint_auth_method" in information ? information.token_endpoint_auth_method : undefined) ?? null };
  return { client: REGISTERED, registration };
}

/** The issuer first: what comes in a wrong name is not read any further (RFC 9207). */
function readAnswer(answer: URLSearchParams, { state, found, context }: { readonly state: string; readonly found: Discovery; readonly context: SourceContext }): { readonly code: string; readonly iss: string | undefined } {
  if (answer.get("state") !== state) throw unsafe(`The answer to the login at "${context.server}" belongs to another login.`, "Begin again, and use the newest URL.");
  const iss = answer.get("iss") ?? undefined;
  validateAuthorizationResponseIssuer({ iss, expectedIssuer: found.metadata?.issuer, issParameterSupported: found.metadata?.["authorization_response_iss_parameter_supported"] === true });
  const code = answer.get("code");
  if (code !== null && code !== "") return { code, iss };
  const said = [answer.get("error"), answer.get("error_description")].filter((one) => one !== null).map((one) => JSON.stringify(shorten(context.redactor.redact(one), 200)));
  throw new OffstageError("LOGIN_NEEDED", `The login at "${context.server}" was not permitted: ${said.join(": ") || "no code came back"}.`, { hint: `Try again with another account or scope: offstage login ${context.server}` });
}
