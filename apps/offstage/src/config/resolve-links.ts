import { OffstageError, type Redactor } from "offstage/base";
import type { LinkSettings } from "./approval-settings.ts";
import type { Sources } from "./references.ts";
import { resolveSecrets } from "./resolve-webhooks.ts";
import { SETTINGS_FILE } from "./settings.ts";

/** What links to answer by are made with. */
export interface ResolvedLinks {
  /** Where this process is reached, without a slash at its end. */
  readonly url: string;
  /** The first one signs; links that another one signed hold too. */
  readonly keys: readonly string[];
  readonly maxAgeMs: number;
}

/** A key of HMAC-SHA-256 has as many bytes as its hash, or it is the weaker part. */
const SHORTEST_KEY = 32;

/** The keys of links, each registered. Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID`. */
export function resolveLinks({ url, keys, maxAgeMs }: LinkSettings, sources: Sources, redactor: Redactor): ResolvedLinks {
  const resolved = resolveSecrets(keys, { place: `${SETTINGS_FILE}: approvals.links.key`, name: "the key of approval links" }, sources, redactor);
  if (resolved.some((key) => key.length < SHORTEST_KEY)) throw new OffstageError("SECRET_TOO_SHORT", `${SETTINGS_FILE}: a key of approvals.links has less than ${SHORTEST_KEY} characters.`, { hint: "Make one that nobody guesses: openssl rand -hex 32" });
  return { url, keys: resolved, maxAgeMs };
}
