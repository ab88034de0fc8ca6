import type { LoginSummary } from "offstage/mcp";

/** A kept login as data: instants as people write them, no token. */
export function loginFacts(login: LoginSummary): { readonly issuer: string; readonly client: string; readonly scope: string | null; readonly expiresAt: string | null; readonly renews: boolean } {
  return { issuer: login.issuer, client: login.client, scope: login.scope, expiresAt: login.expiresAt === null ? null : new Date(login.expiresAt).toISOString(), renews: login.renews };
}
