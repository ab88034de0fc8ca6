import { parseDuration } from "offstage/base";
import { z } from "zod";

/** `webhooks:` of `offstage.yaml`, one source. References in the secrets are not resolved. */
export interface WebhookSettings {
  readonly name: string;
  readonly verify: "github" | "stripe" | "slack" | "standard" | "hmac" | "bearer";
  readonly secrets: readonly string[];
  readonly maxBytes: number;
  /** How many deliveries are taken in how many milliseconds; null: all. */
  readonly rate: { readonly count: number; readonly perMs: number } | null;
  /** Lower case; null: none. Of `hmac` and `bearer` only. */
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
const ONLY = { id: ["hmac", "bearer"], header: ["hmac"], algorithm: ["hmac"], encoding: ["hmac"], prefix: ["hmac"] } as const;

const sourceSchema = z
  .strictObject({
    verify: z.enum(["github", "stripe", "slack", "standard", "hmac", "bearer"]),
    secret: z.union([secret, z.array(secret).min(1)]),
    limit: z.int().min(1).max(10 * MIB),
    rate,
    id: headerName,
    header: headerName,
    algorithm: z.enum(["sha1", "sha256", "sha512"]),
    encoding: z.enum(["hex", "base64"]),
    prefix: z.string(),
  })
  .partial({ limit: true, rate: true, id: true, header: true, algorithm: true, encoding: true, prefix: true })
  .superRefine((source, context) => {
    if (source.verify === "hmac" && source.header === undefined) context.addIssue({ code: "custom", message: "Say in which header the signature comes: header: x-signature." });
    for (const [name, kinds] of Object.entries(ONLY)) {
      if (source[name as keyof typeof ONLY] !== undefined && !(kinds as readonly string[]).includes(source.verify)) context.addIssue({ code: "custom", path: [name], message: `Only ${kinds.join(" and ")} take this: ${source.verify} says where it stands.` });
    }
  });

/** `webhooks:` of `offstage.yaml`. */
export const webhooksSchema = z.record(z.string().regex(/^[a-z0-9-]+$/, { error: "A webhook is named by lower-case letters, digits and -." }), sourceSchema);

/** The sources, with their defaults. */
export function webhookSettings(document: z.infer<typeof webhooksSchema> = {}): readonly WebhookSettings[] {
  return Object.entries(document).map(([name, { verify, secret: given, limit = MIB, rate: most = null, id = null, header = "", algorithm = "sha256", encoding = "hex", prefix = "" }]) => ({
    name, verify, secrets: typeof given === "string" ? [given] : given, maxBytes: limit, rate: most, idHeader: id, header, algorithm, encoding, prefix,
  }));
}
