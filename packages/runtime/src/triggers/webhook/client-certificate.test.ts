import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { certificateFault, type CertificateRule } from "./client-certificate.ts";

const folder = mkdtempSync(join(tmpdir(), "offstage-certificate-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `names`: lines of openssl's configuration, so that they may have commas in them. */
function certificate(name: string, subject: string, ...names: readonly string[]): string {
  const [file, config] = [join(folder, `${name}.pem`), join(folder, `${name}.cnf`)];
  writeFileSync(config, ["[req]", "distinguished_name=dn", "x509_extensions=ext", "[dn]", "[ext]", "subjectAltName=@names", "[names]", ...names].join("\n"));
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", join(folder, "key.pem"), "-out", file, "-days", "2", "-subj", subject, "-config", config], { stdio: "ignore" });
  return readFileSync(file, "utf8");
}

const PARTNER = certificate("partner", "/O=Acme, Inc./CN=partner", "DNS=partner.example", "URI=spiffe://acme/partner");
const OTHER = certificate("other", "/O=Acme, Inc./CN=other", "DNS=other.example");
const hash = (pem: string): string => new X509Certificate(pem).fingerprint256.replaceAll(":", "").toLowerCase();
const bare = (pem: string): string => encodeURIComponent(pem.replace(/-----[^-]+-----|\n/g, ""));
const xfcc = (pem: string, subject: string): string => `By=spiffe://here;Hash=${hash(pem)};Subject="${subject}";URI=spiffe://acme/${subject.includes("partner") ? "partner" : "other"};DNS=x.example`;

/** What each proxy sends of a client. */
const PROXIES = {
  envoy: (pem: string) => ({ "x-forwarded-client-cert": xfcc(pem, pem === PARTNER ? String.raw`CN=partner,O=Acme\\, Inc.` : "CN=other") }),
  nginx: (pem: string) => ({ "ssl-client-verify": "SUCCESS", "ssl-client-cert": encodeURIComponent(pem) }),
  traefik: (pem: string) => ({ "x-forwarded-tls-client-cert": `${bare(pem)},${bare(OTHER)}` }),
} as const;

const rule = (proxy: CertificateRule["proxy"], more: Partial<CertificateRule> = {}): CertificateRule => ({ proxy, header: null, from: ["127.0.0.0/8", "::1"], fingerprints: [hash(PARTNER)], subjects: [], names: [], ...more });
const look = (one: CertificateRule, headers: Readonly<Record<string, string>>, peer: string | null = "127.0.0.1"): string | null => certificateFault(one, (name) => headers[name] ?? null, peer);

describe.each(Object.entries(PROXIES))("a client of %s", (name, sends) => {
  const proxy = name as CertificateRule["proxy"];

  test.each([
    ["fingerprint", { fingerprints: ["00", hash(PARTNER)] }],
    ["subject, in whatever order", { fingerprints: [], subjects: [String.raw`O=Acme\, Inc., CN = partner`] }],
    ["name", { fingerprints: [], names: ["URI:spiffe://acme/partner"] }],
  ])("is known by its %s, and nobody else is", (_, more) => {
    expect(look(rule(proxy, more), sends(PARTNER))).toBeNull();
    expect(look(rule(proxy, more), sends(OTHER))).toBe("its client is another one");
  });

  test("is believed when the proxy says it, and nobody else", () => {
    for (const peer of ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"]) expect(look(rule(proxy), sends(PARTNER), peer)).toBeNull();
    for (const peer of ["10.0.0.7", "::2", "::ffff:10.0.0.7", "", "nonsense", null]) expect(look(rule(proxy), sends(PARTNER), peer)).toContain("`from`");
    expect(look(rule(proxy, { from: ["10.0.0.0/8", "fd00::/8"] }), sends(PARTNER), "10.200.3.4")).toBeNull();
    expect(look(rule(proxy, { from: ["10.0.0.7"] }), sends(PARTNER), "10.0.0.8")).toContain("`from`");
  });

  test("is not known without a certificate, with a second header, and with one that was cut", () => {
    const [header = ""] = Object.keys(sends(PARTNER)).filter((one) => one.endsWith("cert"));
    const sent = sends(PARTNER)[header as never] as string;
    for (const text of ["", `${sent}, ${sent}`, `${sends(OTHER)[header as never] as string}, ${sent}`, sent.slice(9), "%", "=;", ";;"]) expect(look(rule(proxy), { ...sends(PARTNER), [header]: text })).not.toBeNull();
  });

  test("may be told of under another header", () => {
    const [header = ""] = Object.keys(sends(PARTNER)).filter((one) => one.endsWith("cert"));
    const moved = { ...sends(PARTNER), [header]: "", "x-client": sends(PARTNER)[header as never] as string };
    expect(look(rule(proxy, { header: "x-client" }), moved)).toBeNull();
  });
});

test("nginx forwards certificates that it did not believe: only SUCCESS counts", () => {
  for (const verdict of ["FAILED:self-signed certificate", "NONE", "", "SUCCESS, SUCCESS", "success"]) expect(look(rule("nginx"), { ...PROXIES.nginx(PARTNER), "ssl-client-verify": verdict })).toContain("SUCCESS");
});

test("words of a client in Envoy's header are no fields of it, and two elements or two hashes are refused", () => {
  const quoted = `Subject="CN=x;Hash=${hash(PARTNER)};x=\\"";Hash=${hash(OTHER)}`;
  expect(look(rule("envoy"), { "x-forwarded-client-cert": quoted })).toBe("its client is another one");
  for (const text of [`Hash=${hash(OTHER)};Hash=${hash(PARTNER)}`, `Hash=${hash(OTHER)},Hash=${hash(PARTNER)}`, `Hash=${hash(PARTNER)},By=x`]) expect(look(rule("envoy"), { "x-forwarded-client-cert": text })).toContain("more than one");
});

test("a name with a comma in it is not taken for two", () => {
  const sly = certificate("sly", "/CN=sly", "URI=spiffe://sly/a, DNS:partner.example, x");
  expect(look(rule("nginx", { fingerprints: [], names: ["DNS:partner.example"] }), PROXIES.nginx(sly))).toBe("its client is another one");
});
