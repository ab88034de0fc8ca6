import { OffstageError } from "../base/index.ts";
import type { SqlConnection } from "./prepared-query.ts";
import { readValue } from "./read-value.ts";

const OURS = "typescript";

/**
 * What every write is refused with in a store that another language's runtime made; null in one of ours, which does not say so. Identities that last for a root run only, and the keys of a
 * journal, are in the spelling of one language: the other would not know them again, and make their writes twice.
 */
export async function foreignStore(connection: SqlConnection, place: string): Promise<OffstageError | null> {
  const [row] = await connection.all<{ meta_value: string }>({ sql: "SELECT meta_value FROM meta WHERE name = 'language'", parameters: [] });
  const language = row === undefined ? OURS : readValue<string>(row.meta_value);
  if (language === OURS) return null;
  return new OffstageError("STORE_FOREIGN", `The store ${place} was made by Offstage in another language (${language}): it can be looked at from here, and is only driven by that one.`, {
    hint: "Give this project a store of its own (store of offstage.yaml), or go on with the program that made this one.",
  });
}

/** The connection for those who look: each statement that writes is refused with `error`. */
export function onlyReading({ all }: SqlConnection, error: OffstageError): SqlConnection {
  return { all, run: () => Promise.reject(error) };
}
