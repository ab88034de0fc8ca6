import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type AuthWorld, createAuthWorld } from "../../testing/auth-world.ts";
import { OffstageError } from "../../base/index.ts";
import { startOAuthServer } from "../../testing/oauth-server.ts";
import { findGrants, type Grant } from "./grant.ts";
import type { Interaction } from "./interaction.ts";
import { DEFAULT_LOGIN, type LoginAuth } from "./server-auth.ts";

let world: AuthWorld;
beforeAll(async () => void (world = await createAuthWorld()));
afterEach(() => world.reset());
afterAll(() => world.close());

const desk = (): LoginAuth => ({ ...DEFAULT_LOGIN, clientId: "desk", issuer: world.oauth.issuer });

/** A login of some time ago, by the process of a person. */
async function loggedIn(auth: LoginAuth = desk()): Promise<Grant> {
  expect((await world.client(auth, { interact: () => world.person() }).add()).status).toBe(200);
  return kept(auth);
}

async function kept(auth: LoginAuth = desk()): Promise<Grant> {
  const { grants } = await findGrants(world.tokens, new URL(world.mcp.url), auth);
  expect(grants).toHaveLength(1);
  return (grants[0] as { grant: Grant }).grant;
}

const refreshes = (): number => world.oauth.tokenRequests.filter((one) => one["grant_type"] === "refresh_token").length;

test("without a login nothing is opened: the command to type is said", async () => {
  await expect(world.client(desk()).add()).rejects.toMatchObject({ code: "LOGIN_NEEDED", hint: expect.stringContaining("offstage login ledger") as string });
  expect(world.mcp.calls()).toBe(0);
});

test("a login of one process is used by another one, without a person", async () => {
  const grant = await loggedIn();
  expect(grant).toMatchObject({ issuer: world.oauth.issuer, server: world.mcp.url, client: "desk", resource: world.mcp.url });
  expect(grant.refreshToken).not.toBeNull();
  const client = world.client(desk());
  expect((await client.add()).status).toBe(200);
  expect(refreshes()).toBe(0);
});

test("a client that nobody registered registers itself, and again at the next login, in the place of the first", async () => {
  const first = await loggedIn(DEFAULT_LOGIN);
  expect(first.registration?.clientId).toBeTypeOf("string");
  const second = world.client(DEFAULT_LOGIN, { interact: () => world.person() });
  await world.oauth.revokeGrants();
  expect((await second.add()).status).toBe(200);
  expect((await kept(DEFAULT_LOGIN)).registration?.clientId).not.toBe(first.registration?.clientId);
});

test("before a token ends it is renewed, once, however many calls wait; the new refresh token is kept", async () => {
  const before = await loggedIn();
  const client = world.client(desk());
  await client.add();
  world.ahead = 590_000;
  const answers = await Promise.all(Array.from({ length: 20 }, () => client.add()));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
  expect(refreshes()).toBe(1);
  const after = await kept();
  expect(after.refreshToken).not.toBe(before.refreshToken);
  expect(after.accessToken).not.toBe(before.accessToken);
});

test("two processes renew once: the second takes what the first has got", async () => {
  await loggedIn();
  const clients = [world.client(desk()), world.client(desk())];
  for (const client of clients) await client.add();
  world.ahead = 590_000;
  expect((await Promise.all(clients.map((client) => client.add()))).map(({ status }) => status)).toEqual([200, 200]);
  expect(refreshes()).toBe(1);
});

test("a 401 in the middle renews once for all, and each request is repeated once", async () => {
  const { accessToken } = await loggedIn();
  const client = world.client(desk());
  await client.add();
  const calls = world.mcp.calls();
  world.mcp.behaviour.revoked = accessToken;
  const answers = await Promise.all(Array.from({ length: 10 }, () => client.add()));
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
  expect(refreshes()).toBe(1);
  expect(world.mcp.calls()).toBe(calls + 10);
});

test("a renewal ahead of time that fails does not matter while the token works", async () => {
  await loggedIn();
  const client = world.client(desk());
  await client.add();
  world.oauth.behaviour.intercept = (_request, response) => (response.writeHead(503).end(), true);
  world.ahead = 590_000;
  expect((await client.add()).status).toBe(200);
  expect(client.lines).toEqual([expect.stringContaining("could not be renewed")]);
  world.ahead = 600_001;
  await expect(client.add()).rejects.toMatchObject({ code: "AUTH_FAILED" });
});

test("a refresh token that is refused for good needs a person, and is not tried again", async () => {
  await loggedIn();
  await world.oauth.revokeGrants();
  await expect(world.client(desk()).add()).rejects.toMatchObject({ code: "LOGIN_NEEDED", message: expect.stringContaining("does not take the refresh token any more") as string });
  expect(refreshes()).toBe(1);
  await expect(world.client(desk()).add()).rejects.toMatchObject({ code: "LOGIN_NEEDED" });
  expect(refreshes()).toBe(1);
});

test("a renewal that gives a token of a kind that we cannot use is on disk, whole, before anybody hears of it", async () => {
  const { accessToken } = await loggedIn();
  world.mcp.behaviour.revoked = accessToken;
  world.oauth.behaviour.intercept = (request, response) => {
    if (!(request.url ?? "").endsWith("/token")) return false;
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ access_token: "mac-token-0123", refresh_token: "next-refresh-0123", token_type: "mac" }));
    return true;
  };
  const slowly = async (...written: Parameters<typeof world.tokens.write>): Promise<void> => {
    for (let turns = 0; turns < 20; turns++) await Promise.resolve();
    await world.tokens.write(...written);
  };
  await expect(world.client(desk(), { tokens: { ...world.tokens, write: slowly } }).add()).rejects.toMatchObject({ code: "AUTH_FAILED", message: expect.stringContaining("mac") as string });
  expect(await kept()).toMatchObject({ refreshToken: "next-refresh-0123", renewingSince: null });
});

test("a renewal whose answer never ends can be given up, and the next one is a new one", async () => {
  const { accessToken } = await loggedIn();
  const client = world.client(desk());
  await client.add();
  const dripping = Promise.withResolvers<void>();
  world.mcp.behaviour.revoked = accessToken;
  world.oauth.behaviour.intercept = (request, response) => {
    if (!(request.url ?? "").endsWith("/token")) return false;
    response.writeHead(200, { "content-type": "application/json" }).write("{", () => dripping.resolve());
    return true;
  };
  const given = client.add().catch((error: unknown) => error);
  await dripping.promise;
  client.giveUp();
  expect(await given).toMatchObject({ code: "CANCELLED" });
  await client.settled();
  world.oauth.behaviour.intercept = null;
  expect((await client.add()).status).toBe(200);
});

test("a disk that is full is noticed before the refresh token is spent", async () => {
  await loggedIn();
  const client = world.client(desk(), { tokens: { ...world.tokens, write: () => Promise.reject(new OffstageError("STORE_FULL", "The disk is full.")) } });
  await client.add();
  world.ahead = 600_001;
  await expect(client.add()).rejects.toMatchObject({ code: "STORE_FULL" });
  expect(refreshes()).toBe(0);
  expect((await world.client(desk()).add()).status).toBe(200);
});

test("after a logout in another process nothing is renewed", async () => {
  await loggedIn();
  const client = world.client(desk());
  await client.add();
  for (const { id } of (await world.tokens.list()).documents) await world.tokens.remove(id);
  world.ahead = 600_001;
  await expect(client.add()).rejects.toMatchObject({ code: "LOGIN_NEEDED", message: expect.stringContaining("logged out") as string });
});

test("a scope that the login does not have is named in the command to type", async () => {
  await loggedIn();
  world.mcp.behaviour.requiredScopes = ["read", "admin"];
  await expect(world.client(desk()).add()).rejects.toMatchObject({ code: "LOGIN_NEEDED", hint: expect.stringMatching(/offstage login ledger --scope '[^']*admin[^']*'/) as string });
});

test("a scope that a shell could take for more than a text is not part of the command to type", async () => {
  await loggedIn();
  for (const scope of ["$(touch)", "a'b", "`id`", "a;b"]) {
    world.mcp.behaviour.requiredScopes = ["read", scope];
    const failure = (await world.client(desk()).add().catch((error: unknown) => error)) as { code: string; hint: string };
    expect(failure.code).toBe("LOGIN_NEEDED");
    expect(failure.hint).not.toContain(scope);
  }
});

test("where somebody is asked, more scope is got once", async () => {
  await loggedIn();
  world.mcp.behaviour.requiredScopes = ["read", "admin"];
  expect((await world.client(desk(), { interact: () => world.person() }).add()).status).toBe(200);
  expect((await kept()).scope?.split(" ")).toContain("admin");
});

test("a server that refuses every token is not argued with", async () => {
  await loggedIn();
  world.mcp.behaviour.refuses = true;
  world.mcp.authorizations.length = 0;
  await expect(world.client(desk()).add()).rejects.toMatchObject({ code: "AUTH_FAILED", message: expect.stringContaining("refuses a token") as string });
  expect(world.mcp.authorizations).toHaveLength(2);
});

test("a login is not used where the project names another issuer", async () => {
  await loggedIn();
  await expect(world.client({ ...desk(), issuer: "https://auth.example" }).add()).rejects.toMatchObject({ code: expect.stringMatching(/LOGIN_NEEDED|AUTH_UNSAFE/) as string });
  expect(world.mcp.authorizations.at(-1)).toBeNull();
});

test("a server that takes tokens of another authorization server needs a new login; the old refresh token goes nowhere, and is forgotten", async () => {
  const auth = { ...DEFAULT_LOGIN, clientId: "desk" };
  await loggedIn(auth);
  const other = await startOAuthServer();
  try {
    Object.assign(world.mcp.behaviour, { authorizationServers: [other.issuer], oauth: other });
    await expect(world.client(auth).add()).rejects.toMatchObject({ code: "LOGIN_NEEDED", message: expect.stringContaining(other.issuer) as string });
    expect((await world.client(auth, { interact: () => world.person() }).add()).status).toBe(200);
    expect((await kept(auth)).issuer).toBe(other.issuer);
    expect(refreshes() + other.tokenRequests.filter((one) => one["grant_type"] === "refresh_token").length).toBe(0);
  } finally {
    await other.close();
  }
});

test("a client-id metadata document is used where the authorization server takes it, and nothing is registered", async () => {
  world.oauth.behaviour.metadata = (metadata) => ({ ...metadata, client_id_metadata_document_supported: true });
  const asked: URL[] = [];
  const registered: unknown[] = [];
  world.oauth.behaviour.intercept = (request) => (request.url === "/reg" && registered.push(request.url), false);
  const nobody = async (): Promise<Interaction> => ({ ...(await world.person()), authorize: (url) => (asked.push(url), Promise.reject(new OffstageError("LOGIN_NEEDED", "Nobody is there."))) });
  const clientMetadataUrl = "https://acme.example/offstage-client.json";
  await expect(world.client({ ...DEFAULT_LOGIN, clientMetadataUrl }, { interact: nobody }).add()).rejects.toMatchObject({ code: "LOGIN_NEEDED" });
  expect(asked.map((url) => url.searchParams.get("client_id"))).toEqual([clientMetadataUrl]);
  expect(registered).toEqual([]);
});
