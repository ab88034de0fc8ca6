import { createPrivateKey } from "node:crypto";
import { ClientCredentialsProvider, CrossAppAccessProvider, discoverAndRequestJwtAuthGrant, fetchToken, type OAuthClientProvider, PrivateKeyJwtProvider, requestJwtAuthorizationGrant } from "@modelcontextprotocol/client";
import { OffstageError } from "../../base/index.ts";
import { accessTokenOf, registerTokens, takeTokens } from "./access-token.ts";
import { authFailure } from "./auth-errors.ts";
import { discover, type Discovery } from "./discovery.ts";
import { createGuardedFetch } from "./guarded-fetch.ts";
import type { ClientCredentialsAuth, EnterpriseAuth, PrivateKeyJwtAuth } from "./server-auth.ts";
import type { SourceContext, TokenSource } from "./token-source.ts";

/** A client that has a credential of its own, and nobody behind it. */
export type MachineAuth = ClientCredentialsAuth | PrivateKeyJwtAuth | EnterpriseAuth;

/** Tokens of such a client: got when they are needed, kept in memory only. A new one costs one request and no person. */
export function createMachineSource(auth: MachineAuth, context: SourceContext): TokenSource {
  return {
    held: () => Promise.resolve(null),
    async obtain({ challenge, scope }) {
      try {
        const found = await discover(context.serverUrl, { challenge, issuer: auth.issuer, fetch: context.fetch, redactor: context.redactor });
        // What the project says goes before what the server asks for: a person decided it.
        const asked = auth.scope ?? scope ?? found.scopes;
        const tokens = await fetchToken(providerOf(auth, found, context), found.authorizationServer, {
          ...(found.metadata === undefined ? {} : { metadata: found.metadata }),
          ...(found.resource === null ? {} : { resource: found.resource }),
          ...(asked === null ? {} : { scope: asked }),
          fetchFn: context.fetch,
        });
        takeTokens(tokens, context.server, context.redactor);
        return accessTokenOf(tokens, context.clock.now(), asked);
      } catch (error) {
        throw authFailure(context.server, "its client could not sign in", error, (text) => context.redactor.redact(text));
      }
    },
  };
}

/** The SDK's provider of this kind. The issuer is the one that the credential was made for: the SDK sends it to no other. */
function providerOf(auth: MachineAuth, found: Discovery, context: SourceContext): OAuthClientProvider {
  const expectedIssuer = auth.issuer ?? found.issuer;
  switch (auth.kind) {
    case "client-credentials":
      return new ClientCredentialsProvider({ clientId: auth.clientId, clientSecret: auth.clientSecret, expectedIssuer });
    case "private-key-jwt":
      return new PrivateKeyJwtProvider({ clientId: auth.clientId, privateKey: pkcs8(auth.privateKey, context.server), algorithm: auth.algorithm, expectedIssuer });
    case "enterprise": {
      const provider = new CrossAppAccessProvider({ clientId: auth.clientId, clientSecret: auth.clientSecret, expectedIssuer, assertion: ({ scope }) => grantOf(auth, found, scope, context) });
      provider.saveAuthorizationServerUrl(found.issuer);
      provider.saveResourceUrl?.(found.resource ?? context.serverUrl.href);
      return provider;
    }
  }
}

/** The form that the SDK takes, of whichever PEM there is. */
function pkcs8(pem: string, server: string): string {
  try {
    return createPrivateKey(pem).export({ format: "pem", type: "pkcs8" }) as string;
  } catch {
    throw new OffstageError("AUTH_FAILED", `The private key for the MCP server "${server}" cannot be read.`, { hint: "Write it as PEM, without a passphrase: openssl pkcs8 -topk8 -nocrypt" });
  }
}

/** The ID-JAG for this authorization server and this resource, and no other (RFC 8693). */
async function grantOf({ provider }: EnterpriseAuth, found: Discovery, scope: string | undefined, context: SourceContext): Promise<string> {
  const idToken = provider.idToken();
  const asked = {
    audience: found.issuer,
    resource: found.resource ?? context.serverUrl.href,
    idToken,
    clientId: provider.clientId,
    ...(provider.clientSecret === null ? {} : { clientSecret: provider.clientSecret }),
    ...(scope === undefined ? {} : { scope }),
    // The company's provider is where the project says; it need not be where the MCP server is.
    fetchFn: createGuardedFetch({ serverUrl: new URL(provider.tokenEndpoint ?? provider.url), clock: context.clock }),
  };
  const { jwtAuthGrant } = await (provider.tokenEndpoint === undefined ? discoverAndRequestJwtAuthGrant({ ...asked, idpUrl: provider.url }) : requestJwtAuthorizationGrant({ ...asked, tokenEndpoint: provider.tokenEndpoint }));
  registerTokens([jwtAuthGrant], context.server, context.redactor);
  return jwtAuthGrant;
}
