import { expect, test } from "vitest";
import type { StdioServerConfig } from "./server-config.ts";
import { keptWayOut, startHints } from "./start-hints.ts";

const entry = (part: Partial<StdioServerConfig> = {}): StdioServerConfig => ({ name: "s", kind: "stdio", command: "s", args: [], env: {}, ...part });
const OURS = { NODE_EXTRA_CA_CERTS: "/etc/corp.pem", SSL_CERT_FILE: "", PATH: "/bin" };

test.each([
  "npm error code SELF_SIGNED_CERT_IN_CHAIN",
  "npm error request to https://registry.npmjs.org/x failed, reason: self-signed certificate in certificate chain",
  "Error: unable to get local issuer certificate",
  "requests.exceptions.SSLError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: unable to get local issuer certificate (_ssl.c:1010)",
  "tls: failed to verify certificate: x509: certificate signed by unknown authority",
  "  cause: invalid peer certificate: UnknownIssuer",
])("a server that trusts no certificate is told that ours are not passed on: %s", (line) => {
  expect(startHints(entry(), ["starting", line], OURS)).toEqual(['It does not trust a certificate, and NODE_EXTRA_CA_CERTS, which Offstage has, is not passed on: it belongs into its `env` in mcp.json, as "NODE_EXTRA_CA_CERTS": "${env:NODE_EXTRA_CA_CERTS}".']);
});

test("what is passed on, or is not there, is not said to be kept back; and who has other troubles is told nothing of certificates", () => {
  const untrusting = ["self-signed certificate"];
  expect(startHints(entry({ env: { NODE_EXTRA_CA_CERTS: "/etc/corp.pem" } }), untrusting, OURS)).toEqual([]);
  expect(startHints(entry(), untrusting, {})).toEqual([expect.stringContaining("NODE_EXTRA_CA_CERTS for Node")]);
  expect(startHints(entry(), ["x509: certificate has expired", "No certificate named"], OURS)).toEqual([]);
});

test("of our own way out it is told what a silent server does not get, proxies too, and nothing of what it gets", () => {
  expect(keptWayOut(entry({ env: { SSL_CERT_FILE: "/x" } }), { HTTPS_PROXY: "http://proxy:3128", SSL_CERT_FILE: "/etc/corp.pem", SSL_CERT_DIR: "/etc/certs" })).toBe('HTTPS_PROXY, SSL_CERT_DIR, which Offstage has, are not passed on: those that its program reads belong into its `env` in mcp.json, as "HTTPS_PROXY": "${env:HTTPS_PROXY}"');
  expect(keptWayOut(entry(), { PATH: "/bin", HTTPS_PROXY: "" })).toBeNull();
});

test.each<[string, readonly string[], string]>([
  ["/no/such/folder", ["Error accessing directory /no/such/folder: ENOENT"], "/no/such/folder"],
  ["--repository=/no/such/repo", ["git.exc.NoSuchPathError: /no/such/repo"], "/no/such/repo"],
  ["./none", ["ENOENT: no such file or directory, stat '/no/such/none'"], "./none"],
])("an argument that does not exist is named where its server speaks of it: %s", (arg, lines, named) => {
  expect(startHints(entry({ args: ["-y", arg], cwd: "/no/such" }), lines, {})).toEqual([`${named}, of its \`args\` in mcp.json, does not exist.`]);
});

test.each<[string, readonly string[]]>([
  ["/no/such/folder", ["Error: no token"]],
  [import.meta.dirname, [`cannot open ${import.meta.dirname}`]],
  ["@scope/package", ["404 '@scope/package' is not in this registry"]],
  ["https://no.such/x", ["https://no.such/x: refused"]],
  ["/", ["cannot listen on /"]],
])("an argument that is there, is no path, or of which the server says nothing, is not: %s", (arg, lines) => {
  expect(startHints(entry({ args: [arg] }), lines, {})).toEqual([]);
});
