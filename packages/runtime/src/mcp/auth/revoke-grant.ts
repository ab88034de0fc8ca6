import { assertSecureTokenEndpoint, discoverAuthorizationServerMetadata, type OAuthClientInformationMixed, selectClientAuthMethod } from "@modelcontextprotocol/client";
import { clientOf, type Grant } from "./grant.ts";
import type { LoginAuth } from "./server-auth.ts";
import type { SourceContext } from "./token-source.ts";

/**
 * Tells the authorization server that a login is over (RFC 7009): its refresh token, where there is one, else its access token. False
 * where it takes no such request, refuses it, or cannot be reached: it then ends by itself, or where people manage their connected applications.
 */
export async function revokeGrant(grant: Grant, auth: LoginAuth, { fetch }: Pick<SourceContext, "fetch">): Promise<boolean> {
  try {
    const metadata = { ...(await discoverAuthorizationServerMetadata(grant.authorizationServer, { fetchFn: fetch })) } as { readonly [field: string]: unknown };
    const endpoint = metadata["revocation_endpoint"];
    if (typeof endpoint !== "string") return false;
    const params = new URLSearchParams(grant.refreshToken === null ? { token: grant.accessToken, token_type_hint: "access_token" } : { token: grant.refreshToken, token_type_hint: "refresh_token" });
    const headers = new Headers({ "content-type": "application/x-www-form-urlencoded" });
    const methods = metadata["revocation_endpoint_auth_methods_supported"] ?? metadata["token_endpoint_auth_methods_supported"];
    sign(clientOf(grant, auth), Array.isArray(methods) ? methods.filter((one) => typeof one === "string") : [], { headers, params });
    const response = await fetch(assertSecureTokenEndpoint(endpoint), { method: "POST", headers, body: params });
    return response.ok;
  } catch {
    return false;
  }
}

/** Says who we are, as the SDK does at the token endpoint. */
function sign(client: OAuthClientInformationMixed, methods: string[], { headers, params }: { readonly headers: Headers; readonly params: URLSearchParams }): void {
  const { client_id: id, client_secret: secret } = client;
  const method = selectClientAuthMethod(client, methods);
  if (method === "client_secret_basic" && secret !== undefined) return headers.set("authorization", `Basic ${btoa(`${id}:${secret}`)}`);
  params.set("client_id", id);
  if (method === "client_secret_post" && secret !== undefined) params.set("client_secret", secret);
}
