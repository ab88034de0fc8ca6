import { createPrivateKey } from "node:crypto";
import { isOffstageError, OffstageError, type Redactor } from "offstage/base";
import type { ServerAuth } from "offstage/mcp";
import type { AuthSettings } from "./auth-settings.ts";
import { resolveReferences, type Sources } from "./references.ts";
import { registerOne, type ResolvedServer } from "./resolve-server.ts";
import { SERVERS_FILE } from "./server-entry.ts";
import { SETTINGS_FILE } from "./settings.ts";

/**
 * A server with what `offstage.yaml` says of its tokens; whatever is secret in it is registered, wherever it came from.
 * Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID` for a server that takes no token, or has one in its headers.
 */
export function withAuth(server: ResolvedServer, settings: AuthSettings | undefined, sources: Sources, redactor: Redactor, renewed: Renewed = (resolve) => (resolve(), resolve)): ResolvedServer {
  if (settings === undefined) return server;
  const { config } = server;
  const place = `${SETTINGS_FILE}: servers.${config.name}.auth`;
  if (config.kind !== "http") throw new OffstageError("CONFIG_INVALID", `${place}: a server that Offstage starts gets its secrets from its environment.`, { hint: `Write them into \`env\` of ${config.name} in ${SERVERS_FILE}; \`auth\` is for servers with a \`url\`.` });
  if (Object.keys(config.headers).some((name) => name.toLowerCase() === "authorization")) throw new OffstageError("CONFIG_INVALID", `${place}: ${SERVERS_FILE} has an Authorization header for it already.`, { hint: "Take one of the two out." });
  return { ...server, config: { ...config, auth: resolveAuth(settings, { place, sources, redactor, renewed }) } };
}

/** Registers what can be resolved of `auth` that cannot be resolved as a whole. */
export function registerAuthSecrets(settings: AuthSettings | undefined, sources: Sources, redactor: Redactor): void {
  for (const text of settings === undefined ? [] : secretTexts(settings)) {
    try {
      secretOf(text, "a secret", { place: SETTINGS_FILE, sources, redactor });
    } catch (error) {
      if (!isOffstageError(error)) throw error;
    }
  }
}

interface Resolving {
  readonly place: string;
  readonly sources: Sources;
  readonly redactor: Redactor;
}

/** Makes what `resolve` makes now a thing that is asked for when it is used: it may be another one then. */
type Renewed = <T>(resolve: () => T) => () => T;

function resolveAuth(settings: AuthSettings, how: Resolving & { readonly renewed: Renewed }): ServerAuth {
  const { place, sources } = how;
  const plain = (text: string): string => resolveReferences(text, sources, place).value;
  const orNull = (text: string | undefined): string | null => (text === undefined ? null : plain(text));
  switch (settings.kind) {
    case "bearer": {
      const token = how.renewed(() => secretOf(settings.token, "token", how));
      return { kind: "bearer", get token() { return token(); } };
    }
    case "client-credentials": {
      const secret = how.renewed(() => clientSecret(settings, how));
      return { kind: "client-credentials", ...registrationOf(settings, plain), get clientSecret() { return secret(); } };
    }
    case "private-key-jwt":
      return privateKeyJwt(settings, how.renewed(() => secretOf(settings.privateKey, "private key", how)), registrationOf(settings, plain));
    case "enterprise": {
      const { provider } = settings;
      const secret = provider.clientSecret === undefined ? null : clientSecret({ clientId: provider.clientId, clientSecret: provider.clientSecret }, how);
      // Missed now rather than at 3 a.m.; read anew whenever it is used.
      secretOf(provider.idToken, "identity token", how);
      return { kind: "enterprise", ...registrationOf(settings, plain), clientSecret: clientSecret(settings, how), provider: { url: plain(provider.issuer), clientId: plain(provider.clientId), clientSecret: secret, idToken: () => secretOf(provider.idToken, "identity token", how) } };
    }
    case "login": {
      const { clientId, clientSecret: secret } = settings;
      return {
        kind: "login", clientId: orNull(clientId), clientMetadataUrl: orNull(settings.clientMetadataUrl), issuer: orNull(settings.issuer), scope: orNull(settings.scope),
        clientSecret: clientId === undefined || secret === undefined ? null : clientSecret({ clientId, clientSecret: secret }, how),
      };
    }
  }
}

function privateKeyJwt({ algorithm }: Extract<AuthSettings, { kind: "private-key-jwt" }>, privateKey: () => string, registration: ReturnType<typeof registrationOf>): ServerAuth {
  return { kind: "private-key-jwt", ...registration, get privateKey() { return privateKey(); }, get algorithm() { return algorithm ?? usualAlgorithm(privateKey()); } };
}

/** What a key of its kind is used with where nobody says more; for one that cannot be read, any: that is told by who uses it. */
function usualAlgorithm(privateKey: string): string {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(privateKey);
    if (asymmetricKeyType === "ed25519") return "EdDSA";
    const curves: Readonly<Record<string, string>> = { prime256v1: "ES256", secp384r1: "ES384", secp521r1: "ES512" };
    return curves[asymmetricKeyDetails?.namedCurve ?? ""] ?? "RS256";
  } catch {
    return "RS256";
  }
}

function registrationOf(settings: { readonly clientId: string; readonly issuer: string; readonly scope?: string | undefined }, plain: (text: string) => string): { readonly clientId: string; readonly issuer: string; readonly scope: string | null } {
  return { clientId: plain(settings.clientId), issuer: plain(settings.issuer), scope: settings.scope === undefined ? null : plain(settings.scope) };
}

/** With the form in which it is sent: Basic credentials. */
function clientSecret(settings: { readonly clientId: string; readonly clientSecret: string }, how: Resolving): string {
  const secret = secretOf(settings.clientSecret, "client secret", how);
  const id = resolveReferences(settings.clientId, how.sources, how.place).value;
  how.redactor.register(Buffer.from(`${id}:${secret}`).toString("base64"), "client secret");
  return secret;
}

function secretOf(text: string, name: string, { place, sources, redactor }: Resolving): string {
  const made = resolveReferences(text, sources, place);
  const whole = made.secrets.some(({ value }) => value === made.value) ? [] : [{ name, value: made.value }];
  for (const secret of [...made.secrets, ...whole]) registerOne(secret, redactor);
  return made.value;
}

function secretTexts(settings: AuthSettings): readonly string[] {
  switch (settings.kind) {
    case "bearer":
      return [settings.token];
    case "private-key-jwt":
      return [settings.privateKey];
    case "client-credentials":
      return [settings.clientSecret];
    case "enterprise":
      return [settings.clientSecret, settings.provider.idToken, ...(settings.provider.clientSecret === undefined ? [] : [settings.provider.clientSecret])];
    case "login":
      return settings.clientSecret === undefined ? [] : [settings.clientSecret];
  }
}
