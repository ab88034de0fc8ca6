import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";
import { createOAuthStorage } from "./oauth-storage.ts";

/** How the authorization server behaves from now on. */
export interface OAuthBehaviour {
  /** Seconds that access tokens live. */
  lifetime: number;
  /** Sees every request first; true: it has answered. */
  intercept: ((request: IncomingMessage, response: ServerResponse) => Promise<boolean> | boolean) | null;
  /** Changes the metadata that it publishes. */
  metadata: (metadata: Readonly<Record<string, unknown>>) => object;
}

/** A token request as the authorization server read it. */
export type TokenRequest = Readonly<Record<string, string>>;

/** What a token that it made is good for. */
export interface TokenFacts {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly audience: string | null;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

/** A real OAuth server, `oidc-provider`, on loopback. Whoever is asked says yes. */
export interface OAuthServer {
  readonly issuer: string;
  readonly behaviour: OAuthBehaviour;
  /** All token requests, in order. */
  readonly tokenRequests: TokenRequest[];
  /** The private key of the client `signer`, PEM. */
  readonly signerKey: string;
  /** Every access and refresh token that it gave. */
  tokens(): readonly string[];
  /** How many token requests it refused. */
  refused(): number;
  /** Null for a token that it does not know, or not any more. */
  facts(token: string): Promise<TokenFacts | null>;
  /** What people permitted is over: with it all tokens that came of it. */
  revokeGrants(): Promise<void>;
  close(): Promise<void>;
}

const SCOPES = "read write admin";
const ACCOUNT = "kim";

/** Clients: `machine` with a secret, for the enterprise's way too, `signer` with a key, `desk` for logins (public, any loopback port), and whoever registers. */
export async function startOAuthServer(): Promise<OAuthServer> {
  const behaviour: OAuthBehaviour = { lifetime: 600, intercept: null, metadata: (metadata) => metadata };
  const signer = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const tokenRequests: TokenRequest[] = [];
  const granted = new Set<string>();
  const given: string[] = [];
  let refused = 0;
  let handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> = () => Promise.resolve();
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, configurationOf(behaviour, signer.publicKey.export({ format: "jwk" })));
  provider.use(async (context, next) => {
    await next();
    if (context.path === "/token") tokenRequests.push({ ...context.oidc?.params });
    const { access_token: access, refresh_token: refresh } = (context.path === "/token" ? context.body : {}) as Readonly<Record<string, string | undefined>>;
    given.push(...[access, refresh].filter((token) => token !== undefined));
    if (context.path.startsWith("/.well-known/") && context.status === 200) context.body = behaviour.metadata(context.body as Readonly<Record<string, unknown>>);
  });
  registerEnterprise(provider);
  provider.on("grant.error", () => void (refused += 1));
  const answer = provider.callback();
  handle = async (request, response) => {
    if (behaviour.intercept !== null && (await behaviour.intercept(request, response))) return;
    await (request.url?.startsWith("/interaction/") === true ? sayYes(provider, granted, request, response) : answer(request, response));
  };
  return {
    issuer, behaviour, tokenRequests,
    signerKey: signer.privateKey.export({ format: "pem", type: "pkcs8" }) as string,
    tokens: () => given,
    refused: () => refused,
    async facts(token) {
      const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
      if (found === undefined || found.isExpired) return null;
      if (found.grantId !== undefined && (await provider.Grant.find(found.grantId)) === undefined) return null;
      return { clientId: found.clientId, scopes: (found.scope ?? "").split(" "), audience: found.aud ?? null, expiresAt: found.exp ?? 0 };
    },
    async revokeGrants() {
      for (const id of granted) await (await provider.Grant.find(id))?.destroy();
    },
    close: () => new Promise((resolve) => { server.close(() => resolve()); server.closeAllConnections(); }),
  };
}

/** A browser's way through a login, with whatever cookies it gets; the URL at which it leaves the authorization server. */
export async function browse(start: URL): Promise<URL> {
  const cookies = new Map<string, string>();
  let at = start;
  for (let hops = 0; hops < 20; hops++) {
    const answer = await fetch(at, { redirect: "manual", headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const next = answer.headers.get("location");
    if (next === null) throw new Error(`The login stopped at ${at.href}: ${answer.status} ${(await answer.text()).slice(0, 500)}`);
    at = new URL(next, at);
    if (at.origin !== start.origin) return at;
  }
  throw new Error("The login goes round in circles.");
}

async function sayYes(provider: Provider, granted: Set<string>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params } = await provider.interactionDetails(request, response);
  if (prompt.name === "login") return provider.interactionFinished(request, response, { login: { accountId: ACCOUNT } }, { mergeWithLastSubmission: false });
  const grant = new provider.Grant({ accountId: ACCOUNT, clientId: String(params["client_id"]) });
  grant.addOIDCScope(`openid offline_access ${SCOPES}`);
  if (params["resource"] !== undefined) grant.addResourceScope(String(params["resource"]), SCOPES);
  const grantId = await grant.save();
  granted.add(grantId);
  await provider.interactionFinished(request, response, { consent: { grantId } }, { mergeWithLastSubmission: true });
}

const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ASSERTION = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/** A company's provider and the server's in one: identity tokens become ID-JAGs, each good for one token of the audience and resource that it was made for. */
function registerEnterprise(provider: Provider): void {
  const grants = new Map<string, string>();
  provider.registerGrantType(EXCHANGE, (context) => {
    const { params } = context.oidc;
    const grant = `id-jag-${randomUUID()}`;
    grants.set(grant, params["resource"] ?? "");
    context.body = { access_token: grant, issued_token_type: "urn:ietf:params:oauth:token-type:id-jag", token_type: "N_A", expires_in: 300 };
    return Promise.resolve();
  }, ["subject_token", "subject_token_type", "requested_token_type", "audience", "resource", "scope"]);
  provider.registerGrantType(ASSERTION, async (context) => {
    const { params, client } = context.oidc;
    const resource = grants.get(params["assertion"] ?? "");
    grants.delete(params["assertion"] ?? "");
    if (resource === undefined || resource !== params["resource"]) return void Object.assign(context, { status: 400, body: { error: "invalid_grant" } });
    const token = new provider.ClientCredentials({ client, scope: SCOPES });
    token.aud = resource;
    context.body = { access_token: await token.save(), token_type: "Bearer", expires_in: 600 };
  }, ["assertion", "resource", "scope"]);
}

function configurationOf(behaviour: OAuthBehaviour, signerKey: object): object {
  const ownKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ format: "jwk" });
  return {
    adapter: createOAuthStorage(),
    clients: [
      { client_id: "machine", client_secret: "machine-secret-123", grant_types: ["client_credentials", EXCHANGE, ASSERTION], redirect_uris: [], response_types: [] },
      { client_id: "signer", token_endpoint_auth_method: "private_key_jwt", token_endpoint_auth_signing_alg: "ES256", jwks: { keys: [signerKey] }, grant_types: ["client_credentials"], redirect_uris: [], response_types: [] },
      { client_id: "desk", application_type: "native", token_endpoint_auth_method: "none", grant_types: ["authorization_code", "refresh_token"], redirect_uris: ["http://127.0.0.1/callback"], response_types: ["code"] },
    ],
    cookies: { keys: ["only for tests"] },
    jwks: { keys: [ownKey] },
    scopes: ["openid", "offline_access", ...SCOPES.split(" ")],
    clientDefaults: { id_token_signed_response_alg: "ES256" },
    enabledJWA: { idTokenSigningAlgValues: ["ES256"], clientAuthSigningAlgValues: ["ES256"] },
    findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_context: unknown, interaction: { readonly uid: string }) => `/interaction/${interaction.uid}` },
    rotateRefreshToken: true,
    ttl: { AccessToken: () => behaviour.lifetime, ClientCredentials: () => behaviour.lifetime, Grant: 3_600, Session: 3_600, Interaction: 600, IdToken: 600, AuthorizationCode: 60, RefreshToken: 3_600 },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      registration: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context: unknown, resource: string) => ({ scope: SCOPES, audience: resource, accessTokenTTL: behaviour.lifetime, accessTokenFormat: "opaque" }),
      },
    },
  };
}
