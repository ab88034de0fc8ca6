import type { ServerResponse } from "node:http";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type AuthWorld, createAuthWorld } from "../../testing/auth-world.ts";
import { DEFAULT_LOGIN, type ServerAuth } from "./server-auth.ts";

// Whatever an authorization server, or somebody in its place, answers: one of our errors, short, and nothing done.

let world: AuthWorld;
beforeAll(async () => void (world = await createAuthWorld()));
afterEach(() => world.reset());
afterAll(() => world.close());

const json = (body: unknown, status = 200) => (response: ServerResponse) => void response.writeHead(status, { "content-type": "application/json" }).end(typeof body === "string" ? body : JSON.stringify(body));
const LONG = "x".repeat(100_000);

const ANSWERS: readonly (readonly [string, (response: ServerResponse) => void])[] = [
  ["nothing", (response) => void response.destroy()],
  ["an empty page", json("")],
  ["a page that is not JSON", json("<html>log in</html>")],
  ["JSON cut off", json('{"access_token": "abc')],
  ["a number", json("7")],
  ["null", json("null")],
  ["a list", json("[]")],
  ["nesting without end", json("[".repeat(100_000))],
  ["members of the wrong kind", json({ issuer: 1, token_endpoint: [], access_token: {}, token_type: 3, client_id: null, authorization_servers: "no", resource: 9 })],
  ["long texts everywhere", json({ issuer: LONG, token_endpoint: LONG, error: LONG, error_description: LONG, access_token: 1 })],
  ["an error with a long description", json({ error: "invalid_scope", error_description: LONG }, 400)],
  ["a server's error", json({ error: "server_error" }, 500)],
  ["a status that does not exist", json({}, 999)],
  ["a redirect to a file", (response) => void response.writeHead(302, { location: "file:///etc/passwd" }).end()],
  ["a redirect to another origin", (response) => void response.writeHead(307, { location: "http://169.254.169.254/latest" }).end()],
  ["a redirect to itself", (response) => void response.writeHead(302, { location: "" }).end()],
  ["endpoints of another kind", json({ issuer: "", authorization_endpoint: "javascript:alert(1)", token_endpoint: "file:///etc/passwd", registration_endpoint: "ftp://x", response_types_supported: ["code"], code_challenge_methods_supported: ["S256"] })],
];

const AUTHS = (): readonly ServerAuth[] => [
  { kind: "client-credentials", clientId: "machine", clientSecret: "machine-secret-123", issuer: world.oauth.issuer, scope: null },
  DEFAULT_LOGIN,
];

test.each(ANSWERS)("%s, at whichever step", async (_name, answer) => {
  const [machine, login] = AUTHS();
  for (const [step, auth] of [["/.well-known/", machine], ["/token", machine], ["/reg", login]] as const) {
    world.oauth.behaviour.intercept = (request, response) => request.url?.startsWith(step) === true && (answer(response), true);
    const before = world.mcp.calls();
    const client = world.client(auth, { interact: () => world.person() });
    client.redactor.register("machine-secret-123", "client secret");
    const end = (await client.add().catch((error: unknown) => error)) as { readonly status?: number; readonly code?: string; readonly message: string };
    // Without metadata the configured issuer is asked where servers of 2025-03-26 are.
    if (end.status === 200 && step === "/.well-known/") continue;
    expect(end.code).toMatch(/^(AUTH_FAILED|AUTH_UNSAFE|LOGIN_NEEDED)$/);
    expect(end.message.length).toBeLessThan(900);
    expect(end.message).not.toContain("machine-secret");
    expect(world.mcp.calls()).toBe(before);
  }
});

test("a token of another kind than a bearer's is not sent", async () => {
  world.oauth.behaviour.intercept = (request, response) => request.url === "/token" && (json({ access_token: "token-for-proofs", token_type: "DPoP", expires_in: 60 })(response), true);
  await expect(world.client(AUTHS()[0]).add()).rejects.toMatchObject({ code: "AUTH_FAILED", message: expect.stringContaining("DPoP") as string });
  expect(world.mcp.authorizations).toEqual([null]);
});

test.each([
  ["a resource that is no URL", { resource: "not a url", authorization_servers: ["http://127.0.0.1:1"] }],
  ["authorization servers without end", { authorization_servers: Array.from({ length: 5_000 }, (_, index) => `https://auth${index}.example`) }],
  ["an authorization server that is a script", { authorization_servers: ["javascript:alert(1)"] }],
  ["an authorization server with a password", { authorization_servers: ["https://user:pass@auth.example"] }],
])("a server's metadata with %s", async (_name, fields) => {
  Object.assign(world.mcp.behaviour, { authorizationServers: (fields as { authorization_servers: string[] }).authorization_servers, ...("resource" in fields ? { resource: fields.resource } : {}) });
  for (const auth of AUTHS()) {
    const end = (await world.client(auth, { interact: () => world.person() }).add().catch((error: unknown) => error)) as { readonly code?: string; readonly message: string };
    expect(end.code).toMatch(/^(AUTH_FAILED|AUTH_UNSAFE|LOGIN_NEEDED)$/);
    expect(end.message.length).toBeLessThan(900);
  }
});
