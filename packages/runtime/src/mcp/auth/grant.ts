import type { OAuthClientInformationMixed } from "@modelcontextprotocol/client";
import { type Data, hashJson, type OffstageError } from "../../base/index.ts";
import { type AccessToken, renewalOf } from "./access-token.ts";
import { canonicalServer, sameIssuer } from "./discovery.ts";
import type { LoginAuth } from "./server-auth.ts";
import type { TokenStore } from "./token-store.ts";

/** What a login gave, as it is kept: tokens of one authorization server, for one resource, for one client. */
export interface Grant {
  /** Who gave the tokens, as its metadata calls it. */
  readonly issuer: string;
  /** The MCP server's canonical URI. */
  readonly server: string;
  /** The client's id where it was given to us; {@link REGISTERED} where we registered ourselves. */
  readonly client: string;
  /** Where the issuer's metadata is found. */
  readonly authorizationServer: string;
  /** The resource that the tokens are for (RFC 8707), as the server wrote it; null when it did not. */
  readonly resource: string | null;
  /** Of a dynamic registration: what the authorization server called us. */
  readonly registration: Registration | null;
  readonly accessToken: string;
  readonly refreshToken: string | null;
  readonly scope: string | null;
  /** Instants, ms. */
  readonly obtainedAt: number;
  readonly expiresAt: number | null;
  /** When a renewal was begun of which no answer is kept; null when none is open. */
  readonly renewingSince: number | null;
  /** When the authorization server refused the refresh token for good; null while it has not. */
  readonly refusedAt: number | null;
}

/** A client that registered itself. */
export interface Registration {
  readonly clientId: string;
  readonly clientSecret: string | null;
  /** How it proves itself at the token endpoint; null when the authorization server did not say. */
  readonly method: string | null;
}

/** In place of a client's id in the key: a new registration takes the place of the old one. */
export const REGISTERED = "(registered)";

/** The key of a grant: issuer, resource, client. */
export function grantId(grant: Pick<Grant, "issuer" | "server" | "client">): string {
  return hashJson([grant.issuer.replace(/\/$/, ""), grant.server, grant.client]).replace(/^[^:]*:/, "").slice(0, 32);
}

/** What the SDK needs to know of the client. */
export function clientOf(grant: Pick<Grant, "client" | "registration">, auth: LoginAuth): OAuthClientInformationMixed {
  const { registration } = grant;
  if (registration === null) return { client_id: grant.client, ...(auth.clientSecret === null ? {} : { client_secret: auth.clientSecret }) };
  return {
    client_id: registration.clientId,
    redirect_uris: [],
    ...(registration.clientSecret === null ? {} : { client_secret: registration.clientSecret }),
    ...(registration.method === null ? {} : { token_endpoint_auth_method: registration.method }),
  };
}

/** The access token of a grant. */
export function tokenOf(grant: Grant): AccessToken {
  return { value: grant.accessToken, expiresAt: grant.expiresAt, renewAt: renewalOf(grant.obtainedAt, grant.expiresAt), scope: grant.scope };
}

/** A grant and where it is kept. */
export interface KeptGrant {
  readonly id: string;
  readonly grant: Grant;
}

/** The grants that this configuration may use, and files that might have been among them. The newest first. */
export async function findGrants(store: TokenStore, serverUrl: URL, auth: LoginAuth): Promise<{ readonly grants: readonly KeptGrant[]; readonly unreadable: readonly OffstageError[] }> {
  const { documents, unreadable } = await store.list();
  const server = canonicalServer(serverUrl);
  const clients = auth.clientId === null ? [REGISTERED, auth.clientMetadataUrl] : [auth.clientId];
  const grants = documents
    .flatMap(({ id, document }) => (isGrant(document) ? [{ id, grant: document }] : []))
    .filter(({ grant }) => grant.server === server && clients.includes(grant.client) && (auth.issuer === null || sameIssuer(auth.issuer, grant.issuer)));
  return { grants: grants.toSorted((a, b) => b.grant.obtainedAt - a.grant.obtainedAt), unreadable };
}

/** Whether a document is a grant: a newer version may keep something else beside. */
export function isGrant(document: unknown): document is Grant {
  if (typeof document !== "object" || document === null) return false;
  const grant = document as Partial<Record<keyof Grant, unknown>>;
  const texts = [grant.issuer, grant.server, grant.client, grant.authorizationServer, grant.accessToken];
  const optional = [grant.resource, grant.refreshToken, grant.scope];
  const instants = [grant.expiresAt, grant.renewingSince, grant.refusedAt];
  return texts.every((one) => typeof one === "string") && typeof grant.obtainedAt === "number" && optional.every((one) => one === null || typeof one === "string") && instants.every((one) => one === null || typeof one === "number") && typeof grant.registration === "object";
}

/** A grant as a document of the store. */
export function documentOf(grant: Grant): Data {
  return { ...grant } as unknown as Data;
}
