import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { realClock } from "../../testing/real-clock.ts";
import { createGuardedFetch, type Resolve } from "./guarded-fetch.ts";

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); })));
});

async function start(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

/** Names as a stranger's name server gives them; the last answer goes on for ever. */
const names = (table: Readonly<Record<string, readonly (readonly string[])[]>>): Resolve => {
  const asked = new Map<string, number>();
  return (host) => {
    const answers = table[host] ?? [];
    const turn = asked.get(host) ?? 0;
    asked.set(host, turn + 1);
    return Promise.resolve((answers[Math.min(turn, answers.length - 1)] ?? []).map((address) => ({ address, family: address.includes(":") ? 6 : 4 })));
  };
};

const ask = (serverUrl: string, url: string, resolve: Resolve = names({ "mcp.example": [["93.184.216.34"]] })): Promise<Response> =>
  Promise.resolve(createGuardedFetch({ serverUrl: new URL(serverUrl), clock: realClock, resolve })(url));

const REMOTE = "https://mcp.example/mcp";
const refused = (message: RegExp): object => expect.objectContaining({ code: "AUTH_UNSAFE", message: expect.stringMatching(message) as string }) as object;

test.each([
  ["http://auth.example/", /no https/],
  ["http://127.0.0.1:8080/", /no https/],
  ["file:///etc/passwd", /no https/],
  ["https://127.0.0.1/", /loopback/],
  ["https://localhost/", /loopback/],
  ["https://auth.localhost/", /loopback/],
  ["https://[::1]/", /loopback/],
  ["https://[::ffff:127.0.0.1]/", /loopback/],
  ["https://2130706433/", /loopback/],
  ["https://0x7f.1/", /loopback/],
  ["https://10.0.0.1/", /private/],
  ["https://[fd00::1]/", /private/],
  ["https://169.254.169.254/latest/meta-data", /link-local/],
  ["https://0.0.0.0/", /reserved/],
  ["file:///etc/passwd", /^file: is no https URL/],
  ["https://user:secret@auth.example/", /password/],
])("a remote server's metadata may not send us to %s", async (url, message) => {
  await expect(ask(REMOTE, url)).rejects.toThrow(refused(message));
});

test.each([[["10.1.2.3"], /private/], [["127.0.0.1"], /loopback/], [["93.184.216.34", "169.254.169.254"], /link-local/], [["::ffff:192.168.1.1"], /private/]] as const)("nor to a name that means %j", async (addresses, message) => {
  await expect(ask(REMOTE, "https://auth.example/", names({ "mcp.example": [["93.184.216.34"]], "auth.example": [addresses] }))).rejects.toThrow(refused(message));
});

test("a name is looked up once for a connection: it cannot mean another place by then", async () => {
  let asked = 0;
  const resolve: Resolve = (host) => {
    if (host === "auth.example") asked += 1;
    return Promise.resolve([{ address: "203.0.113.1", family: 4 }]);
  };
  await expect(ask(REMOTE, "https://auth.example/", resolve)).rejects.toThrow(refused(/reserved/));
  expect(asked).toBe(1);
});

test("what the MCP server's own name means is settled before it says anything", async () => {
  const resolve = names({ "mcp.example": [["93.184.216.34"], ["10.0.0.1"]], "auth.example": [["10.0.0.2"]] });
  const guarded = createGuardedFetch({ serverUrl: new URL(REMOTE), clock: realClock, resolve });
  await expect(guarded("https://auth.example/")).rejects.toThrow(refused(/private/));
  await expect(guarded("https://auth.example/")).rejects.toThrow(refused(/private/));
});

test("a server's name that means several kinds of places, or this machine, opens none of them", async () => {
  const resolve = names({ "two.example": [["93.184.216.34", "10.0.0.1"]], "self.example": [["127.0.0.1"]], "meta.example": [["169.254.169.254"]] });
  await expect(ask("https://two.example/", "https://10.0.0.1/", resolve)).rejects.toThrow(refused(/private/));
  await expect(ask("https://self.example/", "https://127.0.0.1/", resolve)).rejects.toThrow(refused(/loopback/));
  await expect(ask("https://meta.example/", "https://169.254.169.254/", resolve)).rejects.toThrow(refused(/link-local/));
});

test("a server of a private network may have its authorization server there, over https, and not on this machine", async () => {
  const resolve = names({ "mcp.corp": [["10.0.0.1"]], "auth.corp": [["10.0.0.2"]] });
  await expect(ask("https://mcp.corp/", "http://auth.corp/", resolve)).rejects.toThrow(refused(/no https/));
  await expect(ask("https://mcp.corp/", "https://localhost/", resolve)).rejects.toThrow(refused(/loopback/));
  // Allowed, and nobody is there: a name server that answers nothing.
  await expect(ask("https://mcp.corp/", "https://gone.corp/", resolve)).rejects.toMatchObject({ code: "AUTH_FAILED" });
});

test("a server on this machine may have its authorization server on it, without https", async () => {
  const url = await start((_request, response) => void response.end("well"));
  expect(await (await ask("http://localhost:1/", url.href)).text()).toBe("well");
});

test("redirects are not followed", async () => {
  const url = await start((_request, response) => void response.writeHead(302, { location: "https://elsewhere.example/" }).end());
  expect((await ask("http://127.0.0.1:1/", url.href)).status).toBe(302);
});

test("an answer without an end is cut off", async () => {
  const url = await start((_request, response) => {
    const more = (): void => void response.write("x".repeat(65_536), () => response.destroyed || more());
    more();
  });
  await expect(ask("http://127.0.0.1:1/", url.href)).rejects.toThrow(refused(/more than 262144 bytes/));
});

test("an answer that does not come is not waited for", async () => {
  const clock = createFakeClock();
  const asked = Promise.withResolvers<void>();
  const url = await start(() => asked.resolve());
  const answer = Promise.resolve(createGuardedFetch({ serverUrl: new URL("http://127.0.0.1:1/"), clock })(url)).catch((error: unknown) => error);
  await asked.promise;
  await clock.advance(20_000);
  expect(await answer).toMatchObject({ code: "AUTH_FAILED", message: expect.stringContaining("within 20s") as string });
});

test("behind a proxy the proxy is asked, names are its to look up, and what needs no look-up is refused all the same", async () => {
  const asked: string[] = [];
  const proxy = await start(() => undefined);
  servers.at(-1)?.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
  });
  const looked: string[] = [];
  const resolve: Resolve = (host) => (looked.push(host), Promise.reject(Object.assign(new Error("nobody to ask"), { code: "EAI_AGAIN" })));
  const guarded = createGuardedFetch({ serverUrl: new URL(REMOTE), clock: realClock, resolve, inheritedEnv: { HTTPS_PROXY: proxy.href } });
  await expect(guarded("https://auth.example/token")).rejects.toMatchObject({ code: "AUTH_FAILED" });
  await expect(guarded("https://169.254.169.254/")).rejects.toThrow(refused(/link-local/));
  await expect(guarded("https://localhost/")).rejects.toThrow(refused(/loopback/));
  expect(asked).toEqual(["auth.example:443"]);
  expect(looked).toEqual(["mcp.example"]);
  const local = await start((_request, response) => void response.end("well"));
  const direct = createGuardedFetch({ serverUrl: new URL("http://127.0.0.1:1/"), clock: realClock, inheritedEnv: { HTTP_PROXY: proxy.href, HTTPS_PROXY: proxy.href } });
  expect(await (await direct(local)).text()).toBe("well");
});
