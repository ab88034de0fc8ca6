import { createPrivateKey } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type AuthWorld, createAuthWorld } from "../../testing/auth-world.ts";
import { createRedactor } from "../../base/index.ts";
import { createAuthorizer } from "./authorizer.ts";
import type { ClientCredentialsAuth, ServerAuth } from "./server-auth.ts";

let world: AuthWorld;
beforeAll(async () => void (world = await createAuthWorld()));
afterEach(() => world.reset());
afterAll(() => world.close());

test("a client with a secret gets one token for all its calls", async () => {
  const client = world.client({ kind: "client-credentials", clientId: "machine", clientSecret: "machine-secret-123", issuer: world.oauth.issuer, scope: null });
  const answers = await Promise.all([client.add(), client.add(), client.add()]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(world.oauth.tokenRequests).toEqual([expect.objectContaining({ grant_type: "client_credentials", resource: world.mcp.url, scope: "read" })]);
});

test("a client with a key signs in with an assertion, whichever PEM the key is written in", async () => {
  for (const privateKey of [world.oauth.signerKey, createPrivateKey(world.oauth.signerKey).export({ format: "pem", type: "sec1" }) as string]) {
    const client = world.client({ kind: "private-key-jwt", clientId: "signer", privateKey, algorithm: "ES256", issuer: world.oauth.issuer, scope: "read" });
    expect((await client.add()).status).toBe(200);
  }
});

test("a key that is none is told, and not quoted", async () => {
  const failure = (await world.client({ kind: "private-key-jwt", clientId: "signer", privateKey: "no-key-at-all", algorithm: "ES256", issuer: world.oauth.issuer, scope: null }).add().catch((error: unknown) => error)) as Error;
  expect(failure).toMatchObject({ code: "AUTH_FAILED", message: expect.stringContaining("cannot be read") as string });
  expect(failure.message).not.toContain("no-key-at-all");
});

const machine = (fields: Partial<ClientCredentialsAuth> = {}): ServerAuth => ({ kind: "client-credentials", clientId: "machine", clientSecret: "machine-secret-123", issuer: world.oauth.issuer, scope: null, ...fields });

test("a token that ends is got anew before, once for all calls", async () => {
  const client = world.client(machine());
  await client.add();
  world.ahead = 590_000;
  expect((await Promise.all([client.add(), client.add()])).map(({ status }) => status)).toEqual([200, 200]);
  expect(world.oauth.tokenRequests).toHaveLength(2);
});

test("connections one after another share the token", async () => {
  const context = { clock: world.clock, redactor: createRedactor(), tokens: world.tokens, log: () => undefined };
  const authorizer = createAuthorizer({ name: "ledger", url: world.mcp.url, headers: {}, auth: machine() }, context);
  for (let i = 0; i < 2; i++) expect((await authorizer?.over(fetch)(world.mcp.url))?.status).toBe(405);
  expect(world.oauth.tokenRequests).toHaveLength(1);
});

test("more scope is got in the middle where the project does not say which, and the request is made once", async () => {
  const client = world.client(machine());
  await client.add();
  const calls = world.mcp.calls();
  world.mcp.behaviour.requiredScopes = ["admin"];
  expect((await client.add()).status).toBe(200);
  expect(world.oauth.tokenRequests.at(-1)?.["scope"]?.split(" ").toSorted()).toEqual(["admin", "read"]);
  expect(world.mcp.calls()).toBe(calls + 1);
});

test("scope that the project does not want is not got, and nothing is done", async () => {
  const client = world.client(machine({ scope: "read" }));
  await client.add();
  const calls = world.mcp.calls();
  world.mcp.behaviour.requiredScopes = ["admin"];
  await expect(client.add()).rejects.toMatchObject({ code: "AUTH_FAILED", message: expect.stringContaining("scope") as string });
  expect(world.mcp.calls()).toBe(calls);
});

test("a wrong secret is told without it, and tried once", async () => {
  const before = world.oauth.refused();
  const client = world.client(machine({ clientSecret: "not-the-secret-1" }));
  client.redactor.register("not-the-secret-1", "client secret");
  await expect(client.add()).rejects.toMatchObject({ code: "AUTH_FAILED", message: expect.stringContaining("invalid_client") as string });
  expect(world.oauth.refused()).toBe(before + 1);
});

test("an authorization server that is away is told as that, for all who wait", async () => {
  world.oauth.behaviour.intercept = (request) => (request.destroy(), true);
  const client = world.client(machine());
  for (const answer of await Promise.allSettled([client.add(), client.add()])) expect(answer).toMatchObject({ status: "rejected", reason: { code: "AUTH_FAILED", message: expect.stringContaining("cannot be reached") as string } });
});

test("a caller that stops waiting does not stop the others", async () => {
  const asked = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  world.oauth.behaviour.intercept = async (request) => {
    if (request.url === "/token") {
      asked.resolve();
      await go.promise;
    }
    return false;
  };
  const client = world.client(machine());
  const impatient = new AbortController();
  const stopped = client.add(impatient.signal).catch((error: unknown) => error);
  const patient = client.add();
  await asked.promise;
  impatient.abort();
  expect(await stopped).toMatchObject({ code: "CANCELLED" });
  go.resolve();
  expect((await patient).status).toBe(200);
});

test("an identity token becomes a grant at the company's provider, and that a token at the server's, each for this server only", async () => {
  const idToken = "identity-token-of-kim";
  const client = world.client({
    kind: "enterprise", clientId: "machine", clientSecret: "machine-secret-123", issuer: world.oauth.issuer, scope: null,
    provider: { url: world.oauth.issuer, clientId: "machine", clientSecret: "machine-secret-123", idToken: () => idToken },
  });
  expect((await client.add()).status).toBe(200);
  const [exchange, bearer] = world.oauth.tokenRequests;
  expect(exchange).toMatchObject({ grant_type: "urn:ietf:params:oauth:grant-type:token-exchange", requested_token_type: "urn:ietf:params:oauth:token-type:id-jag", subject_token: idToken, audience: world.oauth.issuer, resource: world.mcp.url });
  expect(bearer).toMatchObject({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", resource: world.mcp.url });
  expect(client.redactor.redact(bearer?.["assertion"] ?? "")).toContain("[redacted");
});
