import { isIP } from "node:net";
import { parseDuration } from "offstage/base";
import type { CertificateRule } from "offstage/triggers/webhook";
import { z } from "zod";
import { oneOrSeveral } from "./one-or-several.ts";

/** `webhooks:` of `offstage.yaml`, one source. References in the secrets are not resolved. */
export interface WebhookSettings {
  readonly name: string;
  readonly verify: "github" | "stripe" | "slack" | "standard" | "hmac" | "bearer" | "mtls";
  /** Of `mtls` only; null: of another. */
  readonly certificate: CertificateRule | null;
  readonly secrets: readonly string[];
  readonly maxBytes: number;
  /** How many deliveries are taken in how many milliseconds; null: all. */
  readonly rate: { readonly count: number; readonly perMs: number } | null;
  /** Lower case; null: none. Of `hmac`, `bearer` and `mtls` only. */
  readonly idHeader: string | null;
  /** Of `hmac` only. */
  readonly header: string;
  readonly algorithm: "sha1" | "sha256" | "sha512";
  readonly encoding: "hex" | "base64";
  readonly prefix: string;
}

const MIB = 1 << 20;
const secret = z.string().min(1);
const headerName = z.string().regex(/^[\w-]+$/, { error: "This is no name of a header." }).transform((name) => name.toLowerCase());
const rate = z.string().transform((text, context) => {
  const [, count = "", per = ""] = /^([1-9]\d{0,6})\/(\w+)$/.exec(text) ?? [];
  const perMs = parseDuration(per);
  if (perMs !== null && perMs > 0) return { count: Number(count), perMs };
  context.addIssue({ code: "custom", message: 'Write how many in which time: "600/1m", or "20/1s".' });
  return z.NEVER;
});
const address = z.string().refine((text) => {
  const [, ip = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  return isIP(ip) !== 0 && Number(bits ?? 0) <= (isIP(ip) === 4 ? 32 : 128);
}, { error: "Write an address or a network: 10.0.0.7, 10.0.0.0/8, ::1." });
const fingerprint = z.string().transform((text) => text.replaceAll(":", "").toLowerCase()).refine((text) => /^[\da-f]{64}$/.test(text), { error: "Write the SHA-256 of the certificate: openssl x509 -in client.pem -noout -fingerprint -sha256" });
const CERTIFICATE = { proxy: ["mtls"], from: ["mtls"], fingerprint: ["mtls"], subject: ["mtls"], name: ["mtls"] } as const;
const ONLY = { ...CERTIFICATE, id: ["hmac", "bearer", "mtls"], header: ["hmac", "mtls"], algorithm: ["hmac"], encoding: ["hmac"], prefix: ["hmac"] } as const;

const sourceSchema = z
  .strictObject({
    verify: z.enum(["github", "stripe", "slack", "standard", "hmac", "bearer", "mtls"]),
    secret: oneOrSeveral(secret),
    proxy: z.enum(["envoy", "nginx", "traefik"]),
    from: oneOrSeveral(address),
    fingerprint: oneOrSeveral(fingerprint),
    subject: oneOrSeveral(z.string().min(1)),
    name: oneOrSeveral(z.string().regex(/^(?:DNS|URI|email|IP Address):./, { error: "Write a subject alternative name with its kind: DNS:partner.example, URI:spiffe://acme/partner." })),
    limit: z.int().min(1).max(10 * MIB),
    rate,
    id: headerName,
    header: headerName,
    algorithm: z.enum(["sha1", "sha256", "sha512"]),
    encoding: z.enum(["hex", "base64"]),
    prefix: z.string(),
  })
  .partial({ secret: true, proxy: true, from: true, fingerprint: true, subject: true, name: true, limit: true, rate: true, id: true, header: true, algorithm: true, encoding: true, prefix: true })
  .superRefine((source, context) => {
    if ((source.secret === undefined) !== (source.verify === "mtls")) context.addIssue({ code: "custom", path: source.secret === undefined ? [] : ["secret"], message: source.verify === "mtls" ? "mtls has no secret: the proxy says who it is." : 'Name its secret: secret: "${secret:WEBHOOK_SECRET}".' });
    if (source.verify === "mtls") for (const message of certificateFaults(source)) context.addIssue({ code: "custom", message });
    if (source.verify === "hmac" && source.header === undefined) context.addIssue({ code: "custom", message: "Say in which header the signature comes: header: x-signature." });
    for (const [name, kinds] of Object.entries(ONLY)) {
      if (source[name as keyof typeof ONLY] !== undefined && !(kinds as readonly string[]).includes(source.verify)) context.addIssue({ code: "custom", path: [name], message: `Only ${kinds.join(" and ")} take this: ${source.verify} says where it stands.` });
    }
  });

/** What a source by certificates has to say. */
function certificateFaults({ proxy, fingerprint: one, subject, name }: { readonly proxy?: string | undefined; readonly fingerprint?: unknown; readonly subject?: unknown; readonly name?: unknown }): readonly string[] {
  return [
    ...(proxy === undefined ? ["Say which proxy tells of the certificate: proxy: envoy, nginx or traefik."] : []),
    ...(one === undefined && subject === undefined && name === undefined ? ["Say which client it is, by fingerprint, subject or name: others have certificates of the same authority."] : []),
  ];
}

/** `webhooks:` of `offstage.yaml`. */
export const webhooksSchema = z.record(z.string().regex(/^[a-z0-9-]+$/, { error: "A webhook is named by lower-case letters, digits and -." }), sourceSchema);

/** The sources, with their defaults. */
export function webhookSettings(document: z.infer<typeof webhooksSchema> = {}): readonly WebhookSettings[] {
  return Object.entries(document).map(([name, { verify, secret: secrets = [], limit = MIB, rate: most = null, id = null, header = "", algorithm = "sha256", encoding = "hex", prefix = "", ...certificate }]) => ({
    name, verify, secrets, certificate: verify === "mtls" ? certificateRule(certificate, header) : null, maxBytes: limit, rate: most, idHeader: id, header, algorithm, encoding, prefix,
  }));
}

/** A proxy on this machine, where nobody names another one. */
const LOOPBACK = ["127.0.0.0/8", "::1"];

function certificateRule({ proxy = "nginx", from = LOOPBACK, fingerprint: fingerprints = [], subject: subjects = [], name: names = [] }: Pick<z.output<typeof sourceSchema>, "proxy" | "from" | "fingerprint" | "subject" | "name">, header: string): CertificateRule {
  return { proxy, from, fingerprints, subjects, names, header: header === "" ? null : header };
}

/** Why sources by certificates may not be received like this; null when they may. `others`: whether others than this machine reach the address. */
export function certificateSourceFault(webhooks: z.infer<typeof webhooksSchema>, others: boolean): { readonly source: string; readonly message: string } | null {
  const [source] = others ? Object.entries(webhooks).filter(([, { verify, from }]) => verify === "mtls" && from === undefined).map(([name]) => name) : [];
  return source === undefined ? null : { source, message: "Others than this machine reach serve.listen, and whoever reaches it could write the header of the proxy: say where the proxy is, from: 10.0.0.7." };
}
