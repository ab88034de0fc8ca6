import { z } from "zod";

const text = z.string().min(1);
const url = z.string().refine((value) => value.includes("${") || isWebUrl(value), { error: "This is no URL; write \"https://…\"." });
const scope = text.refine((value) => !value.includes(","), { error: "Scopes are separated by spaces." });

/** What an authorization server knows the project by. The issuer has to be named: the credential goes to no other. */
const registration = { clientId: text, issuer: url, scope: scope.optional() };

/** `auth:` of a server in `offstage.yaml`, as it stands there: references are not resolved. */
export const authSchema = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("bearer"), token: text }),
    z.strictObject({ kind: z.literal("client-credentials"), ...registration, clientSecret: text }),
    z.strictObject({ kind: z.literal("private-key-jwt"), ...registration, privateKey: text, algorithm: z.enum(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]).optional() }),
    z.strictObject({ kind: z.literal("enterprise"), ...registration, clientSecret: text, provider: z.strictObject({ issuer: url, clientId: text, clientSecret: text.optional(), idToken: text }) }),
    z
      .strictObject({ kind: z.literal("login"), clientId: text.optional(), clientSecret: text.optional(), clientMetadataUrl: url.optional(), issuer: url.optional(), scope: scope.optional(), port: z.int().min(1).max(65_535).optional() })
      .refine((login) => login.clientSecret === undefined || (login.clientId !== undefined && login.issuer !== undefined), { error: "A client with a secret needs its clientId and its issuer: the secret goes to no other.", path: ["clientSecret"] }),
  ],
  { error: 'Write kind: "login", "client-credentials", "private-key-jwt", "enterprise" or "bearer".' },
);

/** See {@link authSchema}. */
export type AuthSettings = z.infer<typeof authSchema>;

/** `tokens:` of the file: where logins are kept, and the key that seals them. */
export const tokensSchema = z.strictObject({ folder: text, key: text }).partial();

function isWebUrl(value: string): boolean {
  return URL.canParse(value) && ["https:", "http:"].includes(new URL(value).protocol);
}
