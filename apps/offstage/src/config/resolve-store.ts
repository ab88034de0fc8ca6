import { createHash } from "node:crypto";
import { join } from "node:path";
import { OffstageError, type Redactor } from "offstage/base";
import { resolveReferences, type Sources } from "./references.ts";
import { registerOne } from "./resolve-server.ts";
import { SETTINGS_FILE } from "./settings.ts";
import { isPostgresUrl, type PostgresSettings } from "./store-settings.ts";

/** A store in PostgreSQL, with its secrets in place. */
export interface ResolvedPostgres {
  readonly url: string;
  readonly schema: string;
  /** Where this machine remembers how far the store has been. */
  readonly markFile: string;
}

const PLACE = `${SETTINGS_FILE}: store.postgres`;

/** Resolves the URL of a store; its password is registered, however it came into it. Errors: `SECRET_MISSING`, `SECRET_TOO_SHORT`, `CONFIG_INVALID`, none of which quotes it. */
export function resolvePostgres({ url, schema }: PostgresSettings, sources: Sources, redactor: Redactor): ResolvedPostgres {
  const made = resolveReferences(url, sources, PLACE);
  for (const secret of made.secrets) registerOne(secret, redactor);
  if (!isPostgresUrl(made.value)) throw new OffstageError("CONFIG_INVALID", `${PLACE}: what stands there is no URL of PostgreSQL.`, { hint: "It has to look like postgresql://user:password@host:5432/database, with characters like / @ : # ? of the password percent-encoded." });
  const parsed = new URL(made.value);
  for (const password of passwordsOf(parsed)) registerOne({ name: "the store's password", value: password }, redactor);
  const where = `${parsed.hostname}:${parsed.port}${parsed.pathname}#${schema}`;
  return { url: made.value, schema, markFile: join(sources.folder, ".offstage", `postgres-${createHash("sha256").update(where).digest("hex").slice(0, 12)}.mark`) };
}

/** As it stands in the URL, and as the server gets it. */
function passwordsOf({ password, searchParams }: URL): readonly string[] {
  const given = [password, searchParams.get("password") ?? ""].filter((one) => one !== "");
  return [...new Set(given.flatMap((one) => [one, decoded(one)]))];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
