import { createHmac } from "node:crypto";
import type { ServerAuth } from "offstage/mcp";
import type { ResolvedServer } from "./resolve-server.ts";

/** How a header says of what kind its credential is. */
const SCHEME = /^(bearer|basic|token)\s+/i;

/** Hex digits: 12 bits. So many guesses at a secret have the same, a thousand of a few million words, that it tells no guess from another. */
const SECRET_DIGITS = 3;
const PLAIN_DIGITS = 16;

/**
 * What calls of a server share their limits by: servers with the same secrets have the same, whatever they are called; one that has none is known by its name and its
 * target. `storeId` makes it another one in each store.
 */
export function credentialKey({ config, target, secrets }: ResolvedServer, storeId: string): string {
  const known = config.kind === "http" && config.auth !== undefined ? secretsOfAuth(config.auth) : secrets;
  const values = [...new Set(known.map((value) => value.replace(SCHEME, "")))].toSorted();
  const text = JSON.stringify(values.length > 0 ? values : [config.name, target, "without secrets"]);
  return createHmac("sha256", storeId).update(text).digest("hex").slice(0, values.length > 0 ? SECRET_DIGITS : PLAIN_DIGITS);
}

/** Empty where the secrets tell nothing of whose account it is: a login is a person's, and kept by server. */
function secretsOfAuth(auth: ServerAuth): readonly string[] {
  switch (auth.kind) {
    case "bearer":
      return [auth.token];
    case "client-credentials":
      return [auth.clientId, auth.clientSecret];
    case "private-key-jwt":
      return [auth.clientId, auth.privateKey];
    case "enterprise":
    case "login":
      return [];
  }
}
