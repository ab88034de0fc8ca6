import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type AuthWorld, createAuthWorld } from "../../testing/auth-world.ts";

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

test("a client with a key signs in with an assertion", async () => {
  const client = world.client({ kind: "private-key-jwt", clientId: "signer", privateKey: world.oauth.signerKey, algorithm: "ES256", issuer: world.oauth.issuer, scope: "read" });
  expect((await client.add()).status).toBe(200);
});
