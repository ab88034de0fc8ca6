import type { FetchLike } from "@modelcontextprotocol/client";
import { expect, test } from "vitest";
import { createRedactor, isOffstageError } from "../../base/index.ts";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { discover } from "./discovery.ts";
import { documentOf, type Grant, grantId } from "./grant.ts";
import type { Interaction } from "./interaction.ts";
import { createLoginSource } from "./login-source.ts";
import { logIn } from "./login-flow.ts";
import { DEFAULT_LOGIN } from "./server-auth.ts";
import { createMemoryTokenStore } from "./token-store.ts";

// What strangers say of themselves on the way to a token: quoted, cut, and without a secret of the project, whole or in part.

const serverUrl = new URL("https://shop.example/mcp");
const SECRET = "swordfish-1234";
/** Ends where a message cuts it, with the secret across the cut. */
const stranger = (path: string): string => `https://evil.example/${path}/`.padEnd(192, "a") + SECRET;

/** Servers that publish these documents, by path. */
const publishing = (documents: Readonly<Record<string, object>>): FetchLike => async (url) => {
  const { pathname } = new URL(url);
  const found = Object.entries(documents).find(([path]) => pathname.startsWith(path));
  return found === undefined ? new Response(null, { status: 404 }) : Response.json(found[1]);
};
const PROTECTED = "/.well-known/oauth-protected-resource";
const ISSUER = "/.well-known/oauth-authorization-server";
const metadata = (issuer: string, more: object = {}): object => ({ issuer, authorization_endpoint: "https://evil.example/authorize", token_endpoint: "https://evil.example/token", response_types_supported: ["code"], ...more });

function context(fetch: FetchLike) {
  const redactor = createRedactor();
  redactor.register(SECRET, "TOKEN");
  return { server: "shop", serverUrl, clock: createFakeClock(), redactor, fetch };
}

async function saidBy(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(() => null, (thrown: unknown) => thrown);
  const said = isOffstageError(error) ? `${error.code} ${error.message} ${error.hint ?? ""}` : `${String(error)}`;
  expect(said).not.toContain("swordf");
  return said;
}

test("a resource that is another one, and an authorization server that is not ours", async () => {
  const other = context(publishing({ [PROTECTED]: { resource: stranger("mcp") } }));
  expect(await saidBy(discover(serverUrl, { challenge: {}, issuer: null, ...other }))).toContain("AUTH_UNSAFE");
  const named = context(publishing({ [PROTECTED]: { resource: serverUrl.href, authorization_servers: [stranger("login")] } }));
  expect(await saidBy(discover(serverUrl, { challenge: {}, issuer: "https://ours.example", ...named }))).toMatch(/AUTH_UNSAFE.*takes tokens of/);
});

test("an authorization server that knows no PKCE", async () => {
  const issuer = stranger("login");
  const source = context(publishing({ [PROTECTED]: { resource: serverUrl.href, authorization_servers: [issuer] }, [ISSUER]: metadata(issuer) }));
  expect(await saidBy(logIn({ auth: DEFAULT_LOGIN, challenge: {}, scope: null, status: null }, {} as Interaction, source))).toMatch(/AUTH_UNSAFE.*does not say that it supports PKCE/);
});

test("why a login was refused", async () => {
  const issuer = "https://evil.example";
  const source = context(publishing({ [PROTECTED]: { resource: serverUrl.href, authorization_servers: [issuer] }, [ISSUER]: metadata(issuer, { code_challenge_methods_supported: ["S256"] }) }));
  const interaction: Interaction = {
    redirectUrl: "http://127.0.0.1:9/callback", close: () => Promise.resolve(),
    authorize: (_url, state) => Promise.resolve(new URLSearchParams({ state, error: "access_denied", error_description: `${"d".repeat(190)}${SECRET}` })),
  };
  expect(await saidBy(logIn({ auth: { ...DEFAULT_LOGIN, clientId: "desk" }, challenge: {}, scope: null, status: null }, interaction, source))).toContain("access_denied");
});

test("an authorization server that the server has moved to", async () => {
  const issuer = stranger("login");
  const source = context(publishing({ [PROTECTED]: { resource: serverUrl.href, authorization_servers: [issuer] }, [ISSUER]: metadata(issuer) }));
  const tokens = createMemoryTokenStore();
  const grant: Grant = {
    issuer: "https://ours.example", server: serverUrl.href, client: "desk", registration: null, authorizationServer: "https://ours.example", resource: null,
    accessToken: "an-access-token-1", refreshToken: "a-refresh-token-1", scope: null, obtainedAt: 0, expiresAt: null, renewingSince: null, refusedAt: null,
  };
  await tokens.write(grantId(grant), documentOf(grant));
  const login = createLoginSource({ ...DEFAULT_LOGIN, clientId: "desk" }, source, { tokens });
  const challenge = { resourceMetadataUrl: new URL(PROTECTED, serverUrl) };
  const refused = await login.held();
  expect(refused).not.toBeNull();
  expect(await saidBy(login.obtain({ refused, challenge, scope: null }))).toMatch(/LOGIN_NEEDED.*takes tokens of another authorization server now/);
});
