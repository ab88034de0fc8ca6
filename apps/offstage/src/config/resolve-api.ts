import { OffstageError, type Redactor } from "offstage/base";
import type { ApiSettings, ApiToken } from "./api-settings.ts";
import type { Sources } from "./references.ts";
import { resolveAll } from "./resolve-all.ts";
import { resolveSecrets } from "./resolve-webhooks.ts";
import { SETTINGS_FILE } from "./settings.ts";

/** Nobody may guess one: how often somebody tries is not limited. UTF-16 units. */
const SHORTEST_TOKEN = 16;

/** The tokens of the API with their secrets, each registered. Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID` when two are the same. */
export function resolveApiTokens({ tokens }: ApiSettings, sources: Sources, redactor: Redactor): readonly ApiToken[] {
  const resolved = resolveAll(tokens, (one): ApiToken => {
    const name = `the API token of ${one.name}`;
    const [token = ""] = resolveSecrets([one.token], { place: `${SETTINGS_FILE}: serve.api.tokens`, name }, sources, redactor);
    if (token.length < SHORTEST_TOKEN || /\s/.test(token)) throw new OffstageError("SECRET_TOO_SHORT", `${SETTINGS_FILE}: ${name} is shorter than ${SHORTEST_TOKEN} characters, or has white space in it.`, { hint: "Make one that nobody guesses: openssl rand -hex 32" });
    return { ...one, token };
  });
  const twice = resolved.find(({ name, token }) => resolved.some((other) => other.name !== name && other.token === token));
  if (twice !== undefined) throw new OffstageError("CONFIG_INVALID", `${SETTINGS_FILE}: ${twice.name} has the API token of another one.`, { hint: "Whoever approves is known by the token: give each name its own." });
  return resolved;
}
