import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Who comes with a certificate: the partner that a webhook is about; another one of the same authority; and one who made his own in the partner's name. */
export type Client = "partner" | "other" | "stranger";

/** What openssl made of them, and of a server's for `localhost`. */
export interface Certificates {
  readonly folder: string;
  of(client: Client): { readonly cert: string; readonly key: string };
  remove(): void;
}

const PARTNER = ["/O=Acme/CN=partner", "URI:spiffe://acme/partner"] as const;

/** A folder with `NAME.pem` and `NAME.key` of each, and `partners-ca.pem`. Needs openssl. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "offstage-certificates-"));
  const make = (name: string, [subject, names]: readonly [string, string], ...by: readonly string[]): void => {
    execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${name}.key`, "-out", `${name}.pem`, "-days", "2", "-subj", subject, "-addext", `subjectAltName=${names}`, ...by], { cwd: folder, stdio: "ignore" });
  };
  const byPartnersAuthority = ["-CA", "partners-ca.pem", "-CAkey", "partners-ca.key"];
  make("partners-ca", ["/CN=authority", "DNS:authority.example"]);
  make("server", ["/CN=localhost", "DNS:localhost"]);
  make("partner", PARTNER, ...byPartnersAuthority);
  make("other", ["/O=Acme/CN=other", "URI:spiffe://acme/other"], ...byPartnersAuthority);
  make("stranger", PARTNER);
  const read = (file: string): string => readFileSync(join(folder, file), "utf8");
  return { folder, of: (client) => ({ cert: read(`${client}.pem`), key: read(`${client}.key`) }), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Sources of webhooks that know the partner, each by something else. */
export function partnerSources(certificates: Certificates): string {
  const { fingerprint256 } = new X509Certificate(certificates.of("partner").cert);
  const rules = { named: 'name: "URI:spiffe://acme/partner"', pinned: `fingerprint: "${fingerprint256}"`, titled: 'subject: "CN=partner,O=Acme"' };
  return Object.entries(rules).map(([name, rule]) => `, ${name}: { verify: mtls, proxy: nginx, ${rule}, id: x-delivery }`).join("");
}
