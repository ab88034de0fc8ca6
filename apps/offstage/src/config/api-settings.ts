import { z } from "zod";

/** What a token may do; each may do what those before it may. */
export const API_ROLES = ["viewer", "approver", "operator"] as const;
/** One of {@link API_ROLES}. */
export type ApiRole = (typeof API_ROLES)[number];

/** `serve.api` of `offstage.yaml`. */
export interface ApiSettings {
  /** References in `token` are not resolved. Empty: whoever is on this machine may look, and nobody may do anything. */
  readonly tokens: readonly ApiToken[];
}

/** Whose requests are answered. Several of one name let its owner rotate them. */
export interface ApiToken {
  /** Who it is: kept with what is done with it, and what `approve({ by })` names. */
  readonly name: string;
  readonly role: ApiRole;
  readonly token: string;
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@+-]{0,63}$/u;

/** The shape of `serve.api`. */
export const apiSchema = z.union([
  z.literal(true),
  z.strictObject({
    tokens: z.array(z.strictObject({ name: z.string().regex(NAME, { error: "A token is named as a person or a program is: up to 64 letters, digits, spaces and . _ @ + -." }), role: z.enum(API_ROLES), token: z.string().min(1) })).min(1).max(100),
  }),
]);

/** `serve.api` as it is worked with; null where it is not said. */
export function apiSettings(api: z.infer<typeof apiSchema> | undefined): ApiSettings | null {
  if (api === undefined) return null;
  return { tokens: api === true ? [] : api.tokens };
}

/** Why the API may not be offered like this; null when it may. Without tokens only at an address that nobody else reaches, also not through a proxy that sends webhooks on. */
export function apiFault(api: ApiSettings | null, { host, port }: { readonly host: string; readonly port: number }, { isLoopback, receivesWebhooks }: { readonly isLoopback: boolean; readonly receivesWebhooks: boolean }): string | null {
  if (api === null) return null;
  const twice = api.tokens.find(({ name, role }) => api.tokens.some((other) => other.name === name && other.role !== role));
  if (twice !== undefined) return `The tokens of ${twice.name} have different roles, and what is kept is the name alone. Give each name one role.`;
  if (api.tokens.length > 0) return null;
  const how = 'Give it tokens, api: { tokens: [{ name: ada, role: operator, token: "${secret:ADA_API_TOKEN}" }] }.';
  if (!isLoopback) return `Others reach ${host}:${port}, and the API shows what runs were told and did. ${how}`;
  return receivesWebhooks ? `Webhooks or the links of approvals lead to this address too, so others reach it through a proxy, and the API shows what runs were told and did. ${how}` : null;
}
