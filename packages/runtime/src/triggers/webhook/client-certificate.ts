import { X509Certificate } from "node:crypto";
import { BlockList, isIPv6 } from "node:net";

/** The proxies whose headers are understood: how each tells which certificate a client has proven to own. */
export type CertificateProxy = "envoy" | "nginx" | "traefik";

/** Which clients of a proxy are the source. The proxy has verified that the client owns its certificate; which one it is, nobody but us asks. */
export interface CertificateRule {
  readonly proxy: CertificateProxy;
  /** The header with the certificate, in lower case; null: the proxy's usual one. */
  readonly header: string | null;
  /** Addresses of the proxy, `10.0.0.7` or `10.0.0.0/8`: whoever else reaches us could write such a header. */
  readonly from: readonly string[];
  /** SHA-256 of certificates, 64 hexadecimal digits in lower case. */
  readonly fingerprints: readonly string[];
  /** Subjects, `CN=partner,O=Acme`, in whatever order. */
  readonly subjects: readonly string[];
  /** Subject alternative names, `DNS:partner.example`, `URI:spiffe://acme/partner`. */
  readonly names: readonly string[];
}

/** Where each proxy puts the certificate when nobody says otherwise. */
export const CERTIFICATE_HEADERS: Readonly<Record<CertificateProxy, string>> = { envoy: "x-forwarded-client-cert", nginx: "ssl-client-cert", traefik: "x-forwarded-tls-client-cert" };

/** Where nginx says whether the certificate was good: it forwards one that was not, too. */
export const NGINX_VERDICT_HEADER = "ssl-client-verify";

/** What is told of the client. */
interface Told {
  readonly fingerprint: string | null;
  readonly subject: string | null;
  readonly names: readonly string[];
}

/** What is wrong; null: the client is one of the rule's. `peer`: the address of who sent the request, null when it is not known. */
export function certificateFault(rule: CertificateRule, header: (name: string) => string | null, peer: string | null): string | null {
  if (peer === null || !isFrom(peer, rule.from)) return "it does not come from the proxy that `from` names";
  const text = header(rule.header ?? CERTIFICATE_HEADERS[rule.proxy]);
  if (text === null || text === "") return "it brings no certificate of its client";
  if (rule.proxy === "nginx" && header(NGINX_VERDICT_HEADER) !== "SUCCESS") return `${NGINX_VERDICT_HEADER} does not say SUCCESS`;
  const told = rule.proxy === "envoy" ? ofEnvoy(text) : ofCertificate(text, rule.proxy);
  if (told === null) return "its certificate cannot be read, or there is more than one header of it";
  const fits = (told.fingerprint !== null && rule.fingerprints.includes(told.fingerprint)) || (told.subject !== null && rule.subjects.some((one) => normalSubject(one) === told.subject)) || rule.names.some((name) => told.names.includes(name));
  return fits ? null : "its client is another one";
}

/** Whether an address is one of `from`. */
function isFrom(peer: string, from: readonly string[]): boolean {
  const list = new BlockList();
  for (const one of from) {
    const [address = "", bits] = one.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  // An IPv4 address as a socket for both families tells it.
  const plain = peer.replace(/^::ffff:(?=\d+\.)/i, "").replace(/%.*$/, "");
  return list.check(plain, isIPv6(plain) ? "ipv6" : "ipv4");
}

/**
 * Envoy's XFCC: `By=…;Hash=…;Cert="…";Subject="…";URI=…;DNS=…`, one element for each proxy on the way (docs, "x-forwarded-client-cert"). More than one is refused: the first might be the client's own words.
 * Envoy is to be set to `SANITIZE_SET`. It escapes nothing in names of a certificate: one that its authority signed with `;URI=…` inside cannot be told from two, nor from a subject where none is sent. Only the hash, which always comes
 * and comes once, is beyond that; the guide says so.
 */
function ofEnvoy(text: string): Told | null {
  const pairs: (readonly [string, string])[] = [];
  let rest = text;
  while (rest !== "") {
    const [whole = "", key = "", quoted, bare] = /^([A-Za-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^;,"]*))(?:;|$)/.exec(rest) ?? [];
    if (whole === "") return null;
    pairs.push([key.toLowerCase(), quoted?.replace(/\\(.)/g, "$1") ?? bare ?? ""]);
    rest = rest.slice(whole.length);
  }
  const of = (key: string): readonly string[] => pairs.filter(([name]) => name === key).map(([, value]) => value);
  if (["hash", "subject", "cert"].some((key) => of(key).length > 1)) return null;
  const [hash = null] = of("hash");
  const [subject = null] = of("subject");
  return { fingerprint: hash?.toLowerCase() ?? null, subject: subject === null || subject === "" ? null : normalSubject(subject), names: [...of("uri").map((uri) => `URI:${uri}`), ...of("dns").map((dns) => `DNS:${dns}`)] };
}

/**
 * The whole certificate: of nginx `$ssl_client_escaped_cert`; of Traefik without armour, and those that signed it behind it, with commas between. A second header would stand behind a comma and a space. Node writes a comma
 * inside of a name as `\u002c`, so that it is not taken for two.
 */
function ofCertificate(text: string, proxy: CertificateProxy): Told | null {
  try {
    const [first = "", ...more] = text.split(",");
    if (more.length > 0 && (proxy === "nginx" || more.some((one) => /^\s/.test(one)))) return null;
    const pem = decodeURIComponent(first);
    const certificate = new X509Certificate(pem.includes("-----BEGIN") ? pem : Buffer.from(pem, "base64"));
    return { fingerprint: certificate.fingerprint256.replaceAll(":", "").toLowerCase(), subject: normalSubject(certificate.subject.replaceAll("\n", ",")), names: certificate.subjectAltName?.split(", ") ?? [] };
  } catch {
    return null;
  }
}

/** The parts of a subject in an order of ours: proxies write them from either end. */
function normalSubject(text: string): string {
  return (text.match(/(?:\\.|[^,\\])+/g) ?? []).map((part) => part.trim().replace(/\s*=\s*/, "=")).filter((part) => part !== "").toSorted().join(",");
}
