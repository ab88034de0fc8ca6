import {
  type AuthorizationServerMetadata, discoverAuthorizationServerMetadata, discoverOAuthProtectedResourceMetadata, extractWWWAuthenticateParams, type FetchLike, type OAuthProtectedResourceMetadata, resourceUrlFromServerUrl, selectResourceURL,
} from "@modelcontextprotocol/client";
import { isOffstageError, type Redactor, shorten } from "../../base/index.ts";
import { unsafe } from "./auth-errors.ts";

/** What a 401 or 403 asks for (RFC 6750, RFC 9728). A stranger's text. */
export type Challenge = ReturnType<typeof extractWWWAuthenticateParams>;

/** Who gives tokens for a server, and for what. */
export interface Discovery {
  readonly authorizationServer: string;
  readonly issuer: string;
  /** Absent for servers of 2025-03-26 that publish none. */
  readonly metadata: AuthorizationServerMetadata | undefined;
  /** What tokens are asked for (RFC 8707), exactly as the server writes it; null when it does not say. */
  readonly resource: string | null;
  /** Scopes that the server lists, separated by spaces. */
  readonly scopes: string | null;
  /** Whether the server itself named its authorization server, rather than we guessed it. */
  readonly named: boolean;
}

/** The challenge in an answer of 401 or 403; empty when it has none. */
export function challengeOf(response: Response): Challenge {
  return extractWWWAuthenticateParams(response);
}

/** What is known before, and what strangers' texts in messages are kept clean with. */
interface DiscoveryOptions {
  readonly challenge: Challenge;
  readonly issuer: string | null;
  readonly fetch: FetchLike;
  readonly redactor: Pick<Redactor, "redact">;
}

/**
 * Finds the authorization server of an MCP server: its protected resource metadata (RFC 9728), then the metadata of the first
 * authorization server named there, or of `issuer` (RFC 8414 or OpenID Connect, the issuer checked). Errors: `AUTH_UNSAFE` when what the server says is not
 * for it, or `issuer` is not among those it names; what the SDK and the fetch throw.
 */
export async function discover(serverUrl: URL, { challenge, issuer, fetch, redactor }: DiscoveryOptions): Promise<Discovery> {
  const quoted = (text: string): string => JSON.stringify(shorten(redactor.redact(text), 200));
  const about = await protectedResource(serverUrl, challenge, fetch);
  const resource = await resourceOf(serverUrl, about, quoted);
  const named = about?.authorization_servers ?? [];
  const authorizationServer = pick(named, { issuer, serverUrl, quoted });
  const metadata = await discoverAuthorizationServerMetadata(authorizationServer, { fetchFn: fetch }).catch((error: unknown) => {
    // Nobody said that there are any: a site that answers everything with a page has none.
    if (error instanceof SyntaxError && named.length === 0 && issuer === null) return undefined;
    throw error;
  });
  return { authorizationServer, issuer: metadata?.issuer ?? authorizationServer, metadata, resource, scopes: about?.scopes_supported?.join(" ") ?? null, named: named.length > 0 };
}

/** The canonical URI of a server: what its tokens are kept under. */
export function canonicalServer(serverUrl: URL): string {
  return resourceUrlFromServerUrl(serverUrl).href;
}

/** Two ways to write one issuer, as the SDK compares them: a slash at the end is nothing. */
export function sameIssuer(one: string, other: string): boolean {
  return one.replace(/\/$/, "") === other.replace(/\/$/, "");
}

async function protectedResource(serverUrl: URL, challenge: Challenge, fetch: FetchLike): Promise<OAuthProtectedResourceMetadata | undefined> {
  const at = challenge.resourceMetadataUrl;
  try {
    return await discoverOAuthProtectedResourceMetadata(serverUrl, at === undefined ? {} : { resourceMetadataUrl: at }, fetch);
  } catch (error) {
    // Ours: it could not be reached, or may not be asked. Everything else means that there is none, and the server's own origin is asked.
    if (isOffstageError(error)) throw error;
    return undefined;
  }
}

async function resourceOf(serverUrl: URL, about: OAuthProtectedResourceMetadata | undefined, quoted: (text: string) => string): Promise<string | null> {
  if (about === undefined) return null;
  try {
    await selectResourceURL(serverUrl, NO_OPINION, about);
  } catch {
    throw unsafe(`The server at ${serverUrl.origin} asks for tokens of another resource, ${quoted(about.resource)}: they would be good elsewhere.`);
  }
  // As it stands there: a URL object would add a slash, and the authorization server would see another resource.
  return about.resource;
}

/** The SDK asks a provider for its own rule; its default one is what we want. */
const NO_OPINION = { clientMetadata: { redirect_uris: [] }, redirectUrl: undefined, clientInformation: () => undefined, tokens: () => undefined, saveTokens: () => undefined, redirectToAuthorization: () => undefined, saveCodeVerifier: () => undefined, codeVerifier: () => "" };

function pick(named: readonly string[], { issuer, serverUrl, quoted }: { readonly issuer: string | null; readonly serverUrl: URL; readonly quoted: (text: string) => string }): string {
  const [first] = named;
  if (issuer === null) return first ?? new URL("/", serverUrl).href;
  const own = named.find((one) => sameIssuer(one, issuer));
  if (own !== undefined) return own;
  if (first === undefined) return issuer;
  throw unsafe(`The server at ${serverUrl.origin} takes tokens of ${quoted(named.join(", "))}, and offstage.yaml says that they come from ${JSON.stringify(issuer)}.`, "Look at which of the two is right. No credential was sent.");
}
