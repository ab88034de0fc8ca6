import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { type AuthWorld, createAuthWorld } from "../../testing/auth-world.ts";
import { browse } from "../../testing/oauth-server.ts";
import { createAuthorizer } from "./authorizer.ts";
import type { Interaction } from "./interaction.ts";
import { DEFAULT_LOGIN, type LoginAuth, type ServerAuth } from "./server-auth.ts";

// The security rules of the MCP specification's authorization chapter, each against the real servers.

let world: AuthWorld;
beforeAll(async () => void (world = await createAuthWorld()));
afterEach(() => world.reset());
afterAll(() => world.close());

const desk = (): LoginAuth => ({ ...DEFAULT_LOGIN, clientId: "desk", issuer: world.oauth.issuer });
const machine = (): ServerAuth => ({ kind: "client-credentials", clientId: "machine", clientSecret: "machine-secret-123", issuer: world.oauth.issuer, scope: null });

/** Somebody who looks at the URL, goes there, and may be given another answer than theirs. */
const person = (tamper: (answer: URLSearchParams) => void = () => undefined, urls: URL[] = []) => async (): Promise<Interaction> =>
  Promise.resolve({
    redirectUrl: "http://127.0.0.1:9/callback",
    close: () => Promise.resolve(),
    async authorize(url) {
      urls.push(url);
      const answer = new URLSearchParams((await browse(url)).searchParams);
      tamper(answer);
      return answer;
    },
  });

test("the resource is named when a login is asked for, when its code is exchanged, and when it is renewed (RFC 8707)", async () => {
  const urls: URL[] = [];
  const client = world.client(desk(), { interact: person(undefined, urls) });
  await client.add();
  world.ahead = 590_000;
  await client.add();
  expect(urls[0]?.searchParams.get("resource")).toBe(world.mcp.url);
  expect(world.oauth.tokenRequests.map((one) => [one["grant_type"], one["resource"]])).toEqual([["authorization_code", world.mcp.url], ["refresh_token", world.mcp.url]]);
});

test("a server that asks for tokens of another resource gets none", async () => {
  world.mcp.behaviour.resource = "https://bank.example/mcp";
  await expect(world.client(machine()).add()).rejects.toMatchObject({ code: "AUTH_UNSAFE", message: expect.stringContaining("bank.example") as string });
  expect(world.oauth.tokenRequests).toEqual([]);
});

test("PKCE with S256, always; an authorization server that does not say it can is not used", async () => {
  const urls: URL[] = [];
  await world.client(desk(), { interact: person(undefined, urls) }).add();
  expect(urls[0]?.searchParams.get("code_challenge_method")).toBe("S256");
  world.reset();
  for (const methods of [undefined, ["plain"]]) {
    world.oauth.behaviour.metadata = (metadata) => ({ ...metadata, code_challenge_methods_supported: methods });
    await expect(world.client(desk(), { interact: person() }).add()).rejects.toMatchObject({ code: "AUTH_UNSAFE", message: expect.stringContaining("PKCE") as string });
  }
});

test.each([
  ["another state", (answer: URLSearchParams) => answer.set("state", "other"), /another login/],
  ["no state", (answer: URLSearchParams) => answer.delete("state"), /another login/],
  ["another issuer (RFC 9207)", (answer: URLSearchParams) => answer.set("iss", "https://attacker.example"), /"iss"/],
  ["no issuer, where one was promised", (answer: URLSearchParams) => answer.delete("iss"), /"iss"/],
])("an answer with %s is not used, and its code is not sent anywhere", async (_name, tamper, message) => {
  const failure: unknown = await world.client(desk(), { interact: person(tamper) }).add().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "AUTH_UNSAFE", message: expect.stringMatching(message) as string });
  expect((failure as Error).message).not.toContain("attacker");
  expect(world.oauth.tokenRequests).toEqual([]);
});

test("an authorization server that calls itself by another name is not used (RFC 8414)", async () => {
  world.oauth.behaviour.metadata = (metadata) => ({ ...metadata, issuer: "https://other.example" });
  await expect(world.client(machine()).add()).rejects.toMatchObject({ code: "AUTH_UNSAFE", message: expect.stringContaining("another name") as string });
});

test("credentials go to the issuer that they were made for, whatever the server says", async () => {
  world.mcp.behaviour.authorizationServers = ["http://127.0.0.1:9"];
  await expect(world.client(machine()).add()).rejects.toMatchObject({ code: "AUTH_UNSAFE", message: expect.stringContaining("offstage.yaml says") as string });
  expect(world.oauth.tokenRequests).toEqual([]);
});

test.each(["token_endpoint", "authorization_endpoint"])("an authorization server's %s without https is not used", async (endpoint) => {
  world.oauth.behaviour.metadata = (metadata) => ({ ...metadata, [endpoint]: "http://auth.example/it" });
  await expect(world.client(desk(), { interact: person() }).add()).rejects.toMatchObject({ code: "AUTH_UNSAFE" });
});

test("a token goes to the origin of its server only", async () => {
  const seen: (string | undefined)[] = [];
  const other = createServer((request, response) => {
    seen.push(request.headers.authorization);
    response.end();
  });
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const client = world.client({ kind: "bearer", token: "token-of-the-ledger" });
  await client.fetch(`http://127.0.0.1:${(other.address() as AddressInfo).port}/mcp`);
  expect(seen).toEqual([undefined]);
  await new Promise((resolve) => other.close(resolve));
});

test("a token goes nowhere without https, loopback excepted", async () => {
  const sent: unknown[] = [];
  const context = { clock: world.clock, redactor: world.client(undefined).redactor, tokens: world.tokens, log: () => undefined, resolve: () => Promise.resolve([{ address: "93.184.216.34", family: 4 }]) };
  const send = createAuthorizer({ name: "plain", url: "http://mcp.example/mcp", headers: {}, auth: { kind: "bearer", token: "token-of-plain" } }, context)?.over((...request) => (sent.push(request), Promise.resolve(new Response())));
  await expect(send?.("http://mcp.example/mcp")).rejects.toMatchObject({ code: "AUTH_UNSAFE" });
  expect(sent).toEqual([]);
});

test("a login for one server is not used for another one of the same authorization server", async () => {
  await world.client(desk(), { interact: person() }).add();
  const sent: (string | null)[] = [];
  const context = { clock: world.clock, redactor: world.client(undefined).redactor, tokens: world.tokens, log: () => undefined };
  const other = new URL("/other", world.mcp.url).href;
  await createAuthorizer({ name: "other", url: other, headers: {}, auth: desk() }, context)?.over((_input, init) => (sent.push(new Headers(init?.headers).get("authorization")), Promise.resolve(new Response())))(other);
  expect(sent).toEqual([null]);
});

test("a token of another resource is refused by the server, and nothing is done (audience)", async () => {
  const answer = await fetch(new URL("/token", world.oauth.issuer), { method: "POST", headers: { authorization: `Basic ${btoa("machine:machine-secret-123")}` }, body: new URLSearchParams({ grant_type: "client_credentials", scope: "read", resource: "https://bank.example/mcp" }) });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const calls = world.mcp.calls();
  await expect(world.client({ kind: "bearer", token }).add()).rejects.toMatchObject({ code: "AUTH_FAILED", message: expect.stringContaining("refuses the token") as string });
  expect(world.mcp.calls()).toBe(calls);
});

test("no token, code or secret stands in what is logged or thrown, whatever the authorization server echoes", async () => {
  const client = world.client(desk(), { interact: person() });
  await client.add();
  const [{ document } = { document: null }] = (await world.tokens.list()).documents;
  const { accessToken, refreshToken } = document as unknown as { accessToken: string; refreshToken: string };
  for (const body of [JSON.stringify({ error: "invalid_request", error_description: `no: ${accessToken} ${refreshToken}` }), `<html>${refreshToken}`, JSON.stringify({ access_token: 1, token: refreshToken }), refreshToken]) {
    for (const status of [200, 400]) {
      world.oauth.behaviour.intercept = (request, response) => (request.url === "/token" ? (response.writeHead(status, { "content-type": "application/json" }).end(body), true) : false);
      world.ahead += 1_000_000;
      const failure = (await world.client(desk()).add().catch((error: unknown) => error)) as Error & { hint?: string };
      expect(failure).toMatchObject({ code: "AUTH_FAILED" });
      expect(`${failure.message} ${failure.hint ?? ""} ${client.lines.join()}`).not.toContain(refreshToken);
      expect(`${failure.message} ${failure.hint ?? ""}`).not.toContain(accessToken);
    }
  }
});

test("a header of the project that says who we are is not added to", () => {
  const context = { clock: world.clock, redactor: world.client(undefined).redactor, tokens: world.tokens, log: () => undefined };
  expect(createAuthorizer({ name: "ledger", url: world.mcp.url, headers: { AUTHORIZATION: "Bearer of-ours" } }, context)).toBeNull();
});
