import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test } from "vitest";
import { browse } from "../../../../packages/runtime/src/testing/oauth-server.ts";
import { startCommand } from "../testing/command-process.ts";
import { createLedgerProject, visit } from "../testing/ledger-project.ts";

const ledger = await createLedgerProject();
const { world, run, settings } = ledger;

test("a login on a loopback address is kept, and doctor says how long it holds; logout forgets it", async () => {
  const login = await run(["login", "ledger"], visit);
  expect(login).toMatchObject({ code: 0, out: expect.stringContaining("Logged in to ledger") as string });
  expect(login.out).toContain("renewed by itself");
  const checked = await run(["doctor", "--json"]);
  expect(checked.code).toBe(0);
  expect(JSON.parse(checked.out)).toMatchObject({ result: { ok: true, servers: [{ server: "ledger", state: "fine", renews: true, expiresAt: expect.stringContaining("T") as string }] } });
  expect(await run(["logout", "ledger"])).toMatchObject({ code: 0, out: expect.stringContaining("forgotten") as string });
  expect(await run(["doctor"])).toMatchObject({ code: 1, out: expect.stringContaining("nobody has logged in") as string, err: expect.stringContaining("offstage login ledger") as string });
});

test("a logout ends the login at its authorization server too; one that cannot be reached is told, and it is forgotten all the same", async () => {
  await run(["login", "ledger"], visit);
  const refreshToken = world.oauth.tokens().at(-1) ?? "";
  expect(await run(["logout", "ledger", "--json"])).toMatchObject({ code: 0, out: expect.stringContaining('"forgotten":1,"ended":1') as string });
  const answer = await fetch(new URL("/token", world.oauth.issuer), { method: "POST", body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: refreshToken, client_id: "desk" }) });
  expect(await answer.json()).toMatchObject({ error: "invalid_grant" });
  await run(["login", "ledger"], visit);
  world.oauth.behaviour.intercept = (request) => (request.destroy(), true);
  expect(await run(["logout", "ledger"])).toMatchObject({ code: 0, out: expect.stringContaining("did not end it") as string });
  expect(await run(["doctor"])).toMatchObject({ code: 1, out: expect.stringContaining("nobody has logged in") as string });
  expect(await run(["logout", "ledger"])).toMatchObject({ code: 0, out: expect.stringContaining("Nobody was logged in") as string });
});

test("nothing of the tokens is printed, and nothing on disk has them in the clear", async () => {
  const login = await run(["login", "ledger", "--json"], visit);
  const tokens = world.oauth.tokens();
  expect(tokens.length).toBeGreaterThan(1);
  const texts = [login.out, login.err, ...readdirSync(join(ledger.project.folder, ".offstage/tokens")).map((file) => readFileSync(join(ledger.project.folder, ".offstage/tokens", file), "latin1"))];
  for (const token of tokens) for (const text of texts) expect(text).not.toContain(token);
});

test("without a key one is made for this user, outside of the project, for nobody else to read", async () => {
  ledger.project.write("offstage.yaml", "");
  const home = join(ledger.project.folder, "home");
  mkdirSync(home);
  expect(await run(["login", "ledger"], visit, { env: { HOME: home } })).toMatchObject({ code: 0 });
  const key = join(home, ".config/offstage/key");
  expect(statSync(key).mode & 0o777).toBe(0o600);
  expect(await run(["doctor"], undefined, { env: { HOME: home } })).toMatchObject({ code: 0 });
  // Another user's, or a copy of the project on another machine.
  const other = join(ledger.project.folder, "other");
  mkdirSync(other);
  expect(await run(["doctor"], undefined, { env: { HOME: other } })).toMatchObject({ code: 1, out: expect.stringContaining("key of the kept tokens is missing") as string });
  expect(await run(["login", "ledger"], visit, { env: { HOME: other } })).toMatchObject({ code: 1, err: expect.stringContaining("TOKENS_UNREADABLE") as string });
});

test("on a machine without a browser the address is pasted; what is none is asked for again", async () => {
  const { child, ended } = startCommand(ledger.project.folder, ["login", "ledger", "--paste"], null);
  let shown = "";
  child.stderr.on("data", (text: string) => {
    const url = /^http\S+\n/m.exec(shown + text)?.[0];
    if (url !== undefined && !/^http\S+\n/m.test(shown)) void browse(new URL(url.trim())).then((back) => child.stdin.write(`what?\n${back.href}\n`));
    shown += text;
  });
  const end = await ended;
  expect(end).toMatchObject({ code: 0, out: expect.stringContaining("Logged in to ledger") as string, err: expect.stringContaining("That is not it") as string });
});

test("an answer that is not for this login is waited past", async () => {
  const end = await run(["login", "ledger"], (url) => {
    const redirect = new URL(url.searchParams.get("redirect_uri") ?? "");
    void (async () => {
      for (const query of ["", "?code=1", "?code=1&state=wrong"]) expect((await fetch(`${redirect.href}${query}`)).status).toBe(404);
      expect((await fetch(`${redirect.origin}/other?state=${url.searchParams.get("state") ?? ""}`)).status).toBe(404);
      visit(url);
    })();
  });
  expect(end.code).toBe(0);
});

test("Ctrl-C ends a login that nobody makes, and nothing is kept", async () => {
  const interrupt = new AbortController();
  const { OffstageError } = await import("offstage/base");
  const end = await run(["login", "ledger"], () => interrupt.abort(new OffstageError("CANCELLED", "Interrupted.")), { signal: interrupt.signal });
  expect(end).toMatchObject({ code: 130 });
  expect(await run(["doctor"])).toMatchObject({ code: 1 });
});

test("a login that is refused says so, without a stranger's control characters", async () => {
  const end = await run(["login", "ledger"], (url) => void fetch(`${url.searchParams.get("redirect_uri") ?? ""}?${String(new URLSearchParams({ state: url.searchParams.get("state") ?? "", iss: world.oauth.issuer, error: "access_denied", error_description: "no\u001b[2J" }))}`));
  expect(end).toMatchObject({ code: 1, err: expect.stringContaining("access_denied") as string });
  expect(end.err).not.toContain("\u001b[2J");
});

test("a damaged file is told, and a new login does not write over it", async () => {
  await run(["login", "ledger"], visit);
  const folder = join(ledger.project.folder, ".offstage/tokens");
  const file = join(folder, readdirSync(folder).find((name) => name.endsWith(".sealed")) ?? "");
  writeFileSync(file, "rubbish");
  expect(await run(["doctor"])).toMatchObject({ code: 1, out: expect.stringContaining("damaged") as string });
  expect(await run(["login", "ledger"], visit)).toMatchObject({ code: 1, err: expect.stringContaining("TOKENS_UNREADABLE") as string });
  expect(readFileSync(file, "utf8")).toBe("rubbish");
  expect(await run(["logout", "ledger"])).toMatchObject({ code: 1, err: expect.stringContaining("TOKENS_UNREADABLE") as string });
});

test("a server that is not there is told before anybody is asked", async () => {
  ledger.project.write("mcp.json", JSON.stringify({ mcpServers: { ledger: { url: "http://127.0.0.1:9/mcp" } } }));
  const urls: URL[] = [];
  expect(await run(["login", "ledger"], (url) => urls.push(url))).toMatchObject({ code: 1, err: expect.stringMatching(/SERVER_UNREACHABLE|AUTH_FAILED/) as string });
  expect(urls).toEqual([]);
});

test("where nobody logs in, that is said", async () => {
  settings("kind: bearer, token: token-of-the-ledger");
  expect(await run(["login", "ledger"])).toMatchObject({ code: 2, err: expect.stringContaining("by itself") as string });
  expect(await run(["login", "nobody"])).toMatchObject({ code: 2, err: expect.stringContaining("SERVER_UNKNOWN") as string });
});

test.each([
  ["wants a token", 401, "application/json", '{"error":"token please"}', /It wants a token \(HTTP 401\)/],
  ["answers everything with a page", 200, "text/html", "<html>hello</html>", /It may want none: it answers without one \(HTTP 200\)/],
])("a server that %s and knows no OAuth is told with what was looked for, and what to do instead", async (_name, status, type, body, said) => {
  const asked = new Set<string>();
  const server = createServer((request, response) => {
    asked.add(request.url ?? "");
    response.writeHead(status, { "content-type": type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  ledger.project.write("mcp.json", JSON.stringify({ mcpServers: { "my-wiki": { url: `${origin}/mcp` } } }));
  ledger.project.write("offstage.yaml", `tokens: { key: "\${file:key}" }\n`);
  const { code, err } = await run(["login", "my-wiki"]);
  server.close();
  expect(code).toBe(1);
  expect(err).toMatch(said);
  expect(err).toContain(`Looked for, at ${origin}: /.well-known/oauth-protected-resource[/mcp], /.well-known/oauth-authorization-server, /.well-known/openid-configuration, and a registration of clients at /register.`);
  expect(err).toContain('"headers": { "Authorization": "Bearer ${env:MY_WIKI_TOKEN}" }');
  // It says no more than it did.
  for (const path of ["/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-authorization-server", "/register"]) expect(asked).toContain(path);
});
