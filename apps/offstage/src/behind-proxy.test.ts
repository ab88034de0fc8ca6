import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:http";
import { type RequestOptions, createServer, request as secureRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { createRedactor, OffstageError } from "offstage/base";
import { createWebhookReceiver } from "offstage/triggers/webhook";
import { afterAll, beforeAll, expect, test } from "vitest";
import { resolveWebhook } from "./config/resolve-webhooks.ts";
import { parseSettings } from "./config/settings.ts";
import { listen, type Listening } from "./listen.ts";

// A webhook behind a proxy that asks its clients for certificates, over real TLS; the proxy sets the headers that nginx is told to set.

const folder = mkdtempSync(join(tmpdir(), "offstage-proxy-"));
const openssl = (...args: readonly string[]): void => void execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
const pem = (name: string): string => readFileSync(join(folder, name), "utf8");
const client = (name: string): RequestOptions => ({ cert: pem(`${name}.pem`), key: pem(`${name}.key`) });

let open: Listening;
let proxy: ReturnType<typeof createServer>;
let deliver: (to: "proxy" | "serve", options: RequestOptions) => Promise<number>;

beforeAll(async () => {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  openssl("req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=ca");
  for (const name of ["partner", "stranger"]) openssl("req", "-x509", "-CA", "ca.pem", "-CAkey", "ca.key", ...key, "-keyout", `${name}.key`, "-out", `${name}.pem`, "-subj", `/O=Acme/CN=${name}`);
  openssl("req", "-x509", ...key, "-keyout", "self.key", "-out", "self.pem", "-subj", "/O=Acme/CN=partner");
  const parsed = parseSettings('webhooks: { partner: { verify: mtls, proxy: nginx, subject: "CN=partner,O=Acme" } }\n', folder);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  const sources = parsed.settings.webhooks.map((one) => resolveWebhook(one, {} as never, createRedactor()));
  // What is proven reaches the store, which takes nothing here.
  const store = { transact: () => Promise.reject(new OffstageError("STORE_UNAVAILABLE", "Full.")) };
  const environment = { clock: { now: () => 0 }, random: () => new Uint8Array(16), redactor: createRedactor() };
  open = await listen({ host: "127.0.0.1", port: 0 }, createWebhookReceiver({ store: store as never, environment: environment as never, workflows: () => [], sources, news: () => undefined }));
  proxy = createServer({ key: pem("ca.key"), cert: pem("ca.pem"), ca: pem("ca.pem"), requestCert: true, rejectUnauthorized: false }, (incoming, outgoing) => {
    const socket = incoming.socket as TLSSocket;
    const certificate = socket.getPeerX509Certificate();
    const headers = { ...incoming.headers, "ssl-client-verify": certificate === undefined ? "NONE" : socket.authorized ? "SUCCESS" : "FAILED", "ssl-client-cert": encodeURIComponent(certificate?.toString() ?? "") };
    incoming.pipe(request(`${open.url}${incoming.url}`, { method: "POST", headers }, (answer) => outgoing.writeHead(answer.statusCode ?? 500) && answer.pipe(outgoing)));
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  deliver = (to, options) => new Promise((resolve, reject) => {
    const send = to === "proxy" ? secureRequest : request;
    const url = to === "proxy" ? `https://127.0.0.1:${(proxy.address() as AddressInfo).port}` : open.url;
    send(`${url}/webhooks/partner`, { method: "POST", rejectUnauthorized: false, agent: false, ...options }, (answer) => resolve(answer.resume().statusCode ?? 0)).on("error", reject).end("{}");
  });
});
afterAll(async () => {
  proxy.close();
  proxy.closeAllConnections();
  await open.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a delivery is taken from the client that is named, and from no other one of the same authority, none without a certificate and none that made its own", async () => {
  expect(await deliver("proxy", client("partner"))).toBe(503);
  for (const options of [client("stranger"), client("self"), {}]) expect(await deliver("proxy", options)).toBe(401);
});

test("what a client writes into the proxy's headers counts for nothing", async () => {
  const forged = { "ssl-client-verify": "SUCCESS", "ssl-client-cert": encodeURIComponent(pem("partner.pem")) };
  expect(await deliver("proxy", { headers: forged })).toBe(401);
  expect(await deliver("proxy", { ...client("stranger"), headers: forged })).toBe(401);
  // Sent past the proxy it comes from this machine: that is what `from` trusts. Twice it is refused even then.
  expect(await deliver("serve", { headers: forged })).toBe(503);
  expect(await deliver("serve", { headers: { ...forged, "ssl-client-cert": [forged["ssl-client-cert"], forged["ssl-client-cert"]] } })).toBe(401);
});
