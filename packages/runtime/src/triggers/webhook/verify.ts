import { createHmac, timingSafeEqual } from "node:crypto";
import { CERTIFICATE_HEADERS, certificateFault, type CertificateRule, NGINX_VERDICT_HEADER } from "./client-certificate.ts";

/**
 * How a source of webhooks proves that a delivery is its own. Of several secrets any will do, so that they can be rotated.
 * `idHeader`: the header that tells deliveries apart, in lower case; null where there is none.
 */
export type WebhookScheme =
  | { readonly kind: "github" | "stripe" | "slack" | "standard"; readonly secrets: readonly string[] }
  | { readonly kind: "bearer"; readonly secrets: readonly string[]; readonly idHeader: string | null }
  /** A proxy has asked the client for a certificate, and tells which one it was. */
  | { readonly kind: "mtls"; readonly idHeader: string | null; readonly rule: CertificateRule }
  | { readonly kind: "hmac"; readonly secrets: readonly string[]; readonly idHeader: string | null; readonly header: string; readonly algorithm: "sha1" | "sha256" | "sha512"; readonly encoding: "hex" | "base64"; readonly prefix: string };

/** What a delivery brings, before anything of it is parsed. */
export interface RawDelivery {
  /** By lower-case name; null when absent. */
  readonly header: (name: string) => string | null;
  readonly body: Uint8Array;
  /** The address of who sent it; null when that is not known. */
  readonly peer?: string | null;
}

/** `id`: what tells the delivery from others; null: its body says, or nothing does. */
export type Verdict = { readonly kind: "genuine"; readonly id: string | null } | { readonly kind: "refused"; readonly why: string };

/** A signed time that is further away than this is a replay. Stripe's, Slack's and Standard Webhooks' own choice. */
const TOLERANCE_S = 300;

/** Headers that prove a delivery and are no part of the event, whatever the scheme. */
export const PROOF_HEADERS: ReadonlySet<string> = new Set(["authorization", "proxy-authorization", "cookie", "x-hub-signature", "x-hub-signature-256", "stripe-signature", "x-slack-signature", "webhook-signature", NGINX_VERDICT_HEADER, "x-forwarded-tls-client-cert-info", ...Object.values(CERTIFICATE_HEADERS)]);

/** Looks whether a delivery is genuine. Signatures are compared in constant time; nothing of the body is read before. `now` in ms since the epoch. */
export function verifyDelivery(scheme: WebhookScheme, delivery: RawDelivery, now: number): Verdict {
  switch (scheme.kind) {
    case "github":
      return absent(delivery, "x-hub-signature-256") ?? genuineIf(isSigned(scheme.secrets, "sha256", [delivery.body], [fromHex(afterPrefix(delivery.header("x-hub-signature-256"), "sha256="))]), delivery.header("x-github-delivery"));
    case "slack":
      return timed(delivery.header("x-slack-request-timestamp"), now, (time) => genuineIf(isSigned(scheme.secrets, "sha256", [`v0:${time}:`, delivery.body], [fromHex(afterPrefix(delivery.header("x-slack-signature"), "v0="))]), null));
    case "stripe":
      return stripe(scheme.secrets, delivery, now);
    case "standard":
      return standard(scheme.secrets, delivery, now);
    case "hmac": {
      const sent = afterPrefix(delivery.header(scheme.header), scheme.prefix);
      return absent(delivery, scheme.header) ?? genuineIf(isSigned(scheme.secrets, scheme.algorithm, [delivery.body], [scheme.encoding === "hex" ? fromHex(sent) : fromBase64(sent)]), idOf(delivery, scheme.idHeader));
    }
    case "mtls": {
      const fault = certificateFault(scheme.rule, delivery.header, delivery.peer ?? null);
      return fault === null ? genuineIf(true, idOf(delivery, scheme.idHeader)) : { kind: "refused", why: fault };
    }
    case "bearer": {
      const token = /^Bearer +(\S+)$/i.exec(delivery.header("authorization") ?? "")?.[1];
      // Hashed first, so that the comparison tells nothing of the length either.
      const digest = (text: string): Buffer => createHmac("sha256", "bearer").update(text).digest();
      return absent(delivery, "authorization") ?? genuineIf(token !== undefined && scheme.secrets.some((secret) => timingSafeEqual(digest(token), digest(secret))), idOf(delivery, scheme.idHeader), "its token does not fit");
    }
  }
}

/** `t=…,v1=…,v1=…`: the time and the body are signed together (docs.stripe.com/webhooks, "Verify webhook signatures manually"). */
function stripe(secrets: readonly string[], delivery: RawDelivery, now: number): Verdict {
  const parts = (delivery.header("stripe-signature") ?? "").split(",").map((part) => part.trim().split("="));
  const time = parts.find(([name]) => name === "t")?.[1] ?? null;
  const signatures = parts.filter(([name]) => name === "v1").map(([, value]) => fromHex(value ?? null));
  return timed(time, now, (signed) => genuineIf(isSigned(secrets, "sha256", [`${signed}.`, delivery.body], signatures), null));
}

/** `webhook-id`, `webhook-timestamp` and `webhook-signature: v1,… v1,…` (standardwebhooks.com, "Signature scheme"). */
function standard(secrets: readonly string[], delivery: RawDelivery, now: number): Verdict {
  const id = delivery.header("webhook-id");
  if (id === null || id === "") return { kind: "refused", why: "it has no webhook-id" };
  const signatures = (delivery.header("webhook-signature") ?? "").split(" ").map((part) => fromBase64(afterPrefix(part, "v1,")));
  const keys = secrets.map((secret) => Buffer.from(secret.replace(/^whsec_/, ""), "base64"));
  return timed(delivery.header("webhook-timestamp"), now, (time) => genuineIf(isSigned(keys, "sha256", [`${id}.${time}.`, delivery.body], signatures), id));
}

/** `time`: seconds since the epoch, as its source wrote it; it is what is signed. */
function timed(time: string | null, now: number, verify: (time: string) => Verdict): Verdict {
  if (time === null || !/^\d{1,12}$/.test(time)) return { kind: "refused", why: "it says no time" };
  const verdict = verify(time);
  if (verdict.kind === "genuine" && Math.abs(now / 1000 - Number(time)) > TOLERANCE_S) return { kind: "refused", why: "its time is more than five minutes away: it is a replay, or a clock is wrong" };
  return verdict;
}

function isSigned(secrets: readonly (string | Buffer)[], algorithm: string, parts: readonly (string | Uint8Array)[], signatures: readonly (Buffer | null)[]): boolean {
  const made = secrets.map((secret) => {
    const hmac = createHmac(algorithm, secret);
    for (const part of parts) hmac.update(part);
    return hmac.digest();
  });
  return signatures.some((sent) => sent !== null && made.some((own) => own.length === sent.length && timingSafeEqual(own, sent)));
}

function genuineIf(holds: boolean, id: string | null, otherwise = "its signature does not fit"): Verdict {
  return holds ? { kind: "genuine", id: id === "" ? null : id } : { kind: "refused", why: otherwise };
}

/** Whoever sets a sender up is told that nothing came at all, and where it is looked for; null when something did. */
function absent({ header }: RawDelivery, name: string): Verdict | null {
  return (header(name) ?? "") === "" ? { kind: "refused", why: `it has no ${name.toLowerCase()}` } : null;
}

function idOf({ header }: RawDelivery, name: string | null): string | null {
  return name === null ? null : header(name);
}

function afterPrefix(text: string | null, prefix: string): string | null {
  return text?.startsWith(prefix) === true ? text.slice(prefix.length) : null;
}

/** Node takes what is no hexadecimal digit for the end. */
function fromHex(text: string | null): Buffer | null {
  return text !== null && /^(?:[\da-f]{2})+$/i.test(text) ? Buffer.from(text, "hex") : null;
}

function fromBase64(text: string | null): Buffer | null {
  return text !== null && /^[\w+/-]+={0,2}$/.test(text) ? Buffer.from(text, "base64") : null;
}
