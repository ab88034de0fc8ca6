/** How one HTTP server is told who we are, every secret already resolved; secrets are read when they are used, since they may be rotated. Absent, a server gets no token, or one of a login. */
export type ServerAuth = BearerAuth | ClientCredentialsAuth | PrivateKeyJwtAuth | EnterpriseAuth | LoginAuth;

/** A token that somebody else made and renews. */
export interface BearerAuth {
  readonly kind: "bearer";
  readonly token: string;
}

/** OAuth client credentials (RFC 6749, 4.4). */
export interface ClientCredentialsAuth extends Registration {
  readonly kind: "client-credentials";
  readonly clientSecret: string;
}

/** OAuth client credentials with a signed assertion in the secret's place (RFC 7523, 2.2). */
export interface PrivateKeyJwtAuth extends Registration {
  readonly kind: "private-key-jwt";
  /** PEM, without a passphrase. */
  readonly privateKey: string;
  /** `RS256`, `ES256`, … */
  readonly algorithm: string;
}

/** Enterprise-managed authorization: an identity token becomes an ID-JAG at the company's provider, and that a token at the server's. */
export interface EnterpriseAuth extends Registration {
  readonly kind: "enterprise";
  readonly clientSecret: string;
  readonly provider: IdentityProvider;
}

/** The company's identity provider. */
export interface IdentityProvider {
  /** Its issuer; its token endpoint is discovered from there. */
  readonly url: string;
  /** Where it is known already; then nothing is discovered. */
  readonly tokenEndpoint?: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  /** Read anew for each exchange: identity tokens live for minutes, and whoever renews them writes them to the same place. */
  readonly idToken: () => string;
}

/** Tokens of a one-time login by a person; refreshed without one. */
export interface LoginAuth {
  readonly kind: "login";
  /** A client that was registered beforehand; null: `clientMetadataUrl` where the server takes it, else dynamic registration. */
  readonly clientId: string | null;
  readonly clientSecret: string | null;
  /** An https URL that serves this client's metadata (a client-id metadata document). */
  readonly clientMetadataUrl: string | null;
  readonly issuer: string | null;
  readonly scope: string | null;
}

/** What an authorization server knows us by. */
interface Registration {
  readonly clientId: string;
  /** The only issuer that gets the credentials; null: whichever the MCP server names, which a config never allows. */
  readonly issuer: string | null;
  /** Separated by spaces; null: what the server asks for. */
  readonly scope: string | null;
}

/** A server for which nothing is configured: tokens of a login, should there be any. */
export const DEFAULT_LOGIN: LoginAuth = { kind: "login", clientId: null, clientSecret: null, clientMetadataUrl: null, issuer: null, scope: null };
